package io.flexmetry.local.api;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.AttributeInclusion;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.generator.impl.DefinitionKey;
import com.github.victools.jsonschema.generator.impl.PropertySortUtils;
import com.github.victools.jsonschema.generator.naming.DefaultSchemaDefinitionNamingStrategy;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import io.flexmetry.console.floor.Availability;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code docs/api/schemas.json}: the JSON Schema of every type of a topic or an answer, generated from the records and
 * their Javadoc. A component with {@code @Nullable} is optional, and never null.
 */
final class SchemaFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SchemaFile() {}

    /** Generates the file. */
    static ObjectNode generate() throws ClassNotFoundException {
        SchemaBuilder builder = new SchemaGenerator(config().build()).buildMultipleSchemaDefinitions();
        Stream.concat(
                        valuesOfTopics().values().stream(),
                        // package-private in the console
                        Stream.of(
                                Explanation.class,
                                Availability.class,
                                Class.forName("io.flexmetry.console.floor.Floor"),
                                Class.forName("io.flexmetry.console.floor.Series")))
                .forEach(builder::createSchemaReference);
        ObjectNode file = JSON.createObjectNode();
        file.put("$schema", SchemaVersion.DRAFT_2020_12.getIdentifier());
        file.put("description", "Generated from the records. CONTRIBUTING.md says how.");
        file.set("$defs", builder.collectDefinitions("$defs"));
        return file;
    }

    /** The value types of the topics, by topic name. */
    static Map<String, Class<?>> valuesOfTopics() {
        Map<String, Class<?>> values = new LinkedHashMap<>();
        for (Field field : Topics.class.getFields()) {
            if (field.getType() == Topic.class) {
                Type value = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[1];
                values.put(topic(field).name(), (Class<?>) value);
            }
        }
        return values;
    }

    /** The topic of a constant in {@link Topics}. */
    static Topic<?, ?> topic(Field field) {
        try {
            return (Topic<?, ?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Expected to read " + field, e);
        }
    }

    /** A type's name in the file: nested types are prefixed with the outer type's name. */
    static String name(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    private static SchemaGeneratorConfigBuilder config() {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        JSON, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(
                        Option.DEFINITIONS_FOR_ALL_OBJECTS,
                        Option.EXTRA_OPEN_API_FORMAT_VALUES,
                        Option.PLAIN_DEFINITION_KEYS)
                .with(new JacksonModule(
                        JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY,
                        JacksonOption.SKIP_SUBTYPE_LOOKUP,
                        JacksonOption.IGNORE_TYPE_INFO_TRANSFORM));
        config.forFields()
                .withRequiredCheck(field -> !isNullable(field))
                .withDescriptionResolver(SchemaFile::description);
        config.forTypesInGeneral()
                // in the order of declaration
                .withPropertySorter(PropertySortUtils.SORT_PROPERTIES_FIELDS_BEFORE_METHODS)
                .withDefinitionNamingStrategy(new DefaultSchemaDefinitionNamingStrategy() {
                    @Override
                    public String getDefinitionNameForKey(DefinitionKey key, SchemaGenerationContext context) {
                        return name(key.getType().getErasedType());
                    }
                })
                .withDescriptionResolver(type ->
                        textOrNull(Javadoc.of(type.getType().getErasedType()).summary()))
                .withCustomDefinitionProvider(SchemaFile::specially)
                .withTypeAttributeOverride((schema, type, context) ->
                        discriminate(schema, type.getType().getErasedType()));
        return config;
    }

    private static boolean isNullable(FieldScope field) {
        return field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static @Nullable String description(FieldScope field) {
        // the description of a list does not apply to its entries
        return field.isFakeContainerItemScope()
                ? null
                : textOrNull(Javadoc.of(field.getDeclaringType().getErasedType())
                        .params()
                        .getOrDefault(field.getName(), ""));
    }

    private static @Nullable String textOrNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static @Nullable CustomDefinition specially(ResolvedType type, SchemaGenerationContext context) {
        Class<?> erased = type.getErasedType();
        if (erased == Duration.class) {
            return inline(JSON.createObjectNode().put("type", "string").put("format", "duration"));
        }
        JsonSubTypes known = erased.getDeclaredAnnotation(JsonSubTypes.class);
        if (known != null) {
            ObjectNode anyKind = JSON.createObjectNode();
            ArrayNode kinds = anyKind.putArray("oneOf");
            for (JsonSubTypes.Type kind : known.value()) {
                kinds.add(context.createDefinitionReference(
                        context.getTypeContext().resolve(kind.value())));
            }
            return new CustomDefinition(anyKind);
        }
        if (!type.isInstanceOf(Map.class)) {
            return null;
        }
        ObjectNode map = JSON.createObjectNode().put("type", "object");
        Class<?> key = type.typeParametersFor(Map.class).get(0).getErasedType();
        if (key.isEnum()) {
            map.set("properties", numbers(key));
        } else {
            ResolvedType value = type.typeParametersFor(Map.class).get(1);
            map.set("additionalProperties", context.createDefinitionReference(value));
        }
        return inline(map);
    }

    private static CustomDefinition inline(ObjectNode schema) {
        return new CustomDefinition(schema, DefinitionType.INLINE, AttributeInclusion.YES);
    }

    /** A number for each constant. */
    private static ObjectNode numbers(Class<?> names) {
        ObjectNode numbers = JSON.createObjectNode();
        for (Field constant : names.getFields()) {
            JsonProperty name = constant.getAnnotation(JsonProperty.class);
            if (name != null) {
                Pattern declaration = Pattern.compile(Pattern.quote("@JsonProperty(\"" + name.value() + "\")"));
                numbers.putObject(name.value())
                        .put("type", "number")
                        .put("description", Javadoc.before(names, declaration).summary());
            }
        }
        return numbers;
    }

    /** Adds the discriminator property to the type itself. */
    private static void discriminate(ObjectNode schema, Class<?> type) {
        for (Class<?> parent = type; parent != null && type.isRecord(); parent = family(parent)) {
            JsonSubTypes siblings = parent.getDeclaredAnnotation(JsonSubTypes.class);
            if (siblings == null || !schema.path("type").asText().equals("object")) {
                continue;
            }
            String property = parent.getDeclaredAnnotation(JsonTypeInfo.class).property();
            String name = Stream.of(siblings.value())
                    .filter(sibling -> sibling.value() == type)
                    .map(JsonSubTypes.Type::name)
                    .findFirst()
                    .orElseThrow();
            ObjectNode others = schema.path("properties") instanceof ObjectNode some ? some : JSON.createObjectNode();
            ObjectNode properties = JSON.createObjectNode();
            properties.putObject(property).put("const", name);
            properties.setAll(others);
            schema.set("properties", properties);
            ArrayNode required = JSON.createArrayNode().add(property);
            schema.path("required").forEach(required::add);
            schema.set("required", required);
        }
    }

    private static @Nullable Class<?> family(Class<?> type) {
        return Stream.of(type.getInterfaces())
                .filter(parent -> parent.getPackageName().equals(type.getPackageName()))
                .findFirst()
                .orElse(null);
    }
}
