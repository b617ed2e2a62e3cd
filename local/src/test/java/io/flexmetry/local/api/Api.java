package io.flexmetry.local.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares real answers with the descriptions in {@code docs/api}. The comparison is strict: properties that are not
 * described are errors, although clients must ignore them.
 */
public final class Api {

    static final Path FOLDER = Path.of("..", "docs", "api");
    static final String SCHEMAS = "schemas.json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "https://docs.flexmetry.io/";
    private static final String OPENAPI = "openapi.yaml";
    private static final JsonNode DESCRIBED = read(OPENAPI);

    private static final JsonSchemaFactory SCHEMAS_OF_ALL = JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(
                    BASE + OPENAPI, strict(read(OPENAPI)).toString(),
                    BASE + SCHEMAS, strict(read(SCHEMAS)).toString()))));
    private static final SchemaValidatorsConfig STRICTLY =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private Api() {}

    /** Returns the response after checking that the description of its path allows it. */
    public static HttpResponse<String> described(HttpResponse<String> response) {
        String path = template(response.uri().getPath());
        String method = response.request().method().toLowerCase(Locale.ROOT);
        String pointer = "/paths/" + escaped(path) + "/" + method + "/responses/" + response.statusCode();
        String what = method + " " + path + " answers " + response.statusCode();
        JsonNode answer = DESCRIBED.at(pointer);
        assertThat(answer.isObject()).as(what + " is described").isTrue();
        if (answer.has("$ref")) {
            pointer = answer.get("$ref").textValue().substring(1);
            answer = DESCRIBED.at(pointer);
        }
        if (!answer.has("content")) {
            assertThat(response.body()).as(what).isEmpty();
            return response;
        }
        String type =
                response.headers().firstValue("Content-Type").orElse("none").replaceFirst(";.*", "");
        assertThat(answer.path("content").has(type)).as(what + " as " + type).isTrue();
        if (type.equals("application/json")) {
            pointer += "/content/" + escaped(type) + "/schema";
            assertThat(violations(OPENAPI, pointer, response.body())).as(what).isEmpty();
        }
        return response;
    }

    /** Returns the data of a server-sent event after checking that the description allows it. */
    static String describedEvent(String data) {
        String pointer = "/paths/~1api~1stream/get/responses/200/content/text~1event-stream/schema";
        assertThat(violations(OPENAPI, pointer, data)).as(data).isEmpty();
        return data;
    }

    /** The violations of a schema of {@code openapi.yaml}. */
    static Set<ValidationMessage> violationsOf(String schema, String json) {
        return violations(OPENAPI, "/components/schemas/" + schema, json);
    }

    /** The violations of a type's own schema. */
    public static Set<ValidationMessage> violationsOf(Class<?> type, String json) {
        return violations(SCHEMAS, "/$defs/" + SchemaFile.name(type), json);
    }

    private static Set<ValidationMessage> violations(String file, String pointer, String json) {
        try {
            return SCHEMAS_OF_ALL
                    .getSchema(SchemaLocation.of(BASE + file + "#" + pointer), STRICTLY)
                    .validate(JSON.readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    /** The described paths of a service. */
    public static Set<String> paths(String service) {
        Set<String> paths = new TreeSet<>();
        DESCRIBED.path("paths").properties().forEach(path -> path.getValue().forEach(operation -> {
            if (texts(operation.path("tags")).contains(service)) {
                paths.add(path.getKey());
            }
        }));
        return paths;
    }

    /** Whether a path needs no authentication. */
    static boolean isOpen(String path) {
        JsonNode security = DESCRIBED.path("paths").path(path).path("get").path("security");
        return security.isArray() && security.isEmpty();
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    static JsonNode read(String file) {
        try {
            return (file.endsWith(".json") ? JSON : new YAMLMapper())
                    .readTree(FOLDER.resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String template(String path) {
        JsonNode paths = DESCRIBED.path("paths");
        return paths.has(path)
                ? path
                : paths.properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(described -> path.matches(described.replaceAll("\\{\\w+}", "[^/]*")))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("Expected " + path + " to be described"));
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    /** Allows only declared properties. */
    private static JsonNode strict(JsonNode node) {
        if (node instanceof ObjectNode schema
                && schema.path("type").asText().equals("object")
                && schema.path("properties").isObject()
                && !schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
        node.forEach(Api::strict);
        return node;
    }
}
