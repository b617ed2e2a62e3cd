package io.flexmetry.processors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

import io.flexmetry.processors.store.Table;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.platform.commons.support.ReflectionSupport;

/** Content of the stores. */
public final class Stored {

    private Stored() {}

    /** The entries of a table; values as JSON. */
    public static List<KeyValue<String, String>> in(TopologyTestDriver driver, String store, String table) {
        List<KeyValue<String, String>> entries = new ArrayList<>();
        String prefix = table + "/";
        try (KeyValueIterator<String, byte[]> all =
                driver.<String, byte[]>getKeyValueStore(store).all()) {
            all.forEachRemaining(entry -> {
                if (entry.key.startsWith(prefix)) {
                    entries.add(KeyValue.pair(entry.key.substring(prefix.length()), new String(entry.value, UTF_8)));
                }
            });
        }
        return entries;
    }

    /** Which tables there are, by {@code store/table}, and the types of their values. */
    static Map<String, Class<?>> types() {
        return ReflectionSupport.findAllClassesInPackage(Stored.class.getPackageName(), type -> true, name -> true)
                .stream()
                .flatMap(type -> Stream.of(type.getDeclaredFields()))
                .filter(field -> field.getType() == Table.Definition.class && Modifier.isStatic(field.getModifiers()))
                .collect(toMap(
                        Stored::name,
                        Stored::type,
                        (one, same) -> {
                            throw new AssertionError("two tables of one name");
                        },
                        TreeMap::new));
    }

    private static String name(Field field) {
        try {
            field.setAccessible(true);
            Table.Definition<?> definition = (Table.Definition<?>) field.get(null);
            return definition.store() + "/" + definition.name();
        } catch (IllegalAccessException e) {
            throw new AssertionError(field.toString(), e);
        }
    }

    private static Class<?> type(Field field) {
        return (Class<?>) ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
    }
}
