package io.flexmetry.processors;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.processors.cases.Compact;
import io.flexmetry.processors.store.StateFormat;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StateFormatTest {

    private static final Path GOLDEN = Path.of("src/test/resources/state-format.txt");
    private static final String OWN = "flexmetry-processors-case-state" + StateFormat.SUFFIX + "-changelog";
    private static final String OF_NO_FORMAT = "flexmetry-processors-case-state-changelog";
    private static final String OF_ANOTHER_FORMAT =
            "flexmetry-processors-case-state-v1" + StateFormat.NUMBER + "-changelog";

    @Test
    void shouldRefuseTheStateOfAnotherFormat() {
        assertThatThrownBy(() -> StateFormat.requireCurrent(Set.of(OWN, OF_ANOTHER_FORMAT, OF_NO_FORMAT)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(
                        StateFormat.SUFFIX + "-changelog",
                        "wrote " + OF_NO_FORMAT + ", " + OF_ANOTHER_FORMAT + ".",
                        "step 3",
                        "CHANGELOG.md",
                        "data folder")
                .hasMessageNotContaining(OWN);
    }

    @Test
    void shouldAcceptItsOwnStateAndNone() {
        assertThatCode(() -> {
                    StateFormat.requireCurrent(Set.of());
                    StateFormat.requireCurrent(Set.of(OWN, "flexmetry-processors-tasks-by-case-repartition"));
                })
                .doesNotThrowAnyException();
    }

    /** Otherwise processors would refuse their own state at the second start. */
    @Test
    void shouldNameEveryStoreAfterTheFormat() {
        assertThat(Stored.types().keySet()).allMatch(table -> table.contains(StateFormat.SUFFIX + "/"));
    }

    @Test
    void shouldNotChangeTheShapeOfStateUnintentionally() throws IOException {
        String shape = shape();
        if (Boolean.getBoolean("golden.accept")) {
            Files.writeString(GOLDEN, shape);
        }

        assertThat(shape)
                .as("The stores of a running installation contain records of the former shape. If this version cannot"
                        + " read them, raise StateFormat.NUMBER; if it can, show that in a test. Then accept the new shape:"
                        + " ./mvnw test -pl processors -am -Dgolden.accept=true")
                .isEqualTo(Files.readString(GOLDEN));
    }

    /** The tables and internal topics, then every type that their records contain. */
    private static String shape() {
        Map<String, Class<?>> roots = new TreeMap<>(BoundsTest.internal());
        Stored.types().forEach((table, type) -> roots.put(table.replace(StateFormat.SUFFIX + "/", "/"), type));
        Map<String, String> shapes = new TreeMap<>();
        roots.values().forEach(type -> addOurs(type, shapes));
        return "format " + StateFormat.NUMBER + "\n\n"
                + roots.entrySet().stream()
                        .map(root -> root.getKey() + ": " + name(root.getValue()) + "\n")
                        .collect(joining())
                + shapes.entrySet().stream()
                        .map(shape -> "\n" + shape.getKey() + " " + shape.getValue())
                        .collect(joining());
    }

    private static void addOurs(Type type, Map<String, String> shapes) {
        if (type instanceof ParameterizedType parameterized) {
            Stream.of(parameterized.getActualTypeArguments()).forEach(argument -> addOurs(argument, shapes));
        } else if (isOurs((Class<?>) type) && !shapes.containsKey(name(type))) {
            add((Class<?>) type, shapes);
        }
    }

    private static void add(Class<?> type, Map<String, String> shapes) {
        JsonSubTypes subTypes = type.getAnnotation(JsonSubTypes.class);
        if (subTypes != null) {
            shapes.put(
                    name(type),
                    "by " + type.getAnnotation(JsonTypeInfo.class).property() + "\n"
                            + Stream.of(subTypes.value())
                                    .map(one -> "  " + one.name() + ": " + name(one.value()) + "\n")
                                    .collect(joining()));
            Stream.of(subTypes.value()).forEach(one -> addOurs(one.value(), shapes));
        } else if (type.isEnum()) {
            shapes.put(
                    name(type),
                    "enum\n"
                            + Stream.of(type.getFields())
                                    .filter(Field::isEnumConstant)
                                    .map(constant -> "  " + name(constant) + "\n")
                                    .collect(joining()));
        } else {
            assertThat(type.isRecord()).as("%s is a record", type).isTrue();
            shapes.put(
                    name(type),
                    (type.isAnnotationPresent(Compact.class) ? "array\n" : "object\n")
                            + Stream.of(type.getRecordComponents())
                                    .map(component -> "  " + describe(component) + "\n")
                                    .collect(joining()));
            Stream.of(type.getRecordComponents()).forEach(component -> addOurs(component.getGenericType(), shapes));
        }
    }

    private static String describe(RecordComponent component) {
        return component.getName() + ": " + name(component.getGenericType())
                + (component.getAnnotatedType().isAnnotationPresent(Nullable.class) ? " or absent" : "");
    }

    private static String name(Field constant) {
        JsonProperty json = constant.getAnnotation(JsonProperty.class);
        return json == null ? constant.getName() : json.value();
    }

    private static String name(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            return name(parameterized.getRawType())
                    + Stream.of(parameterized.getActualTypeArguments())
                            .map(StateFormatTest::name)
                            .collect(joining(", ", "<", ">"));
        }
        Class<?> plain = (Class<?>) type;
        return isOurs(plain) ? plain.getCanonicalName().replace("io.flexmetry.", "") : plain.getSimpleName();
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("io.flexmetry.");
    }
}
