package io.flexmetry.local.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenApiTest {

    private static final String OPENAPI = "openapi.yaml";

    @Test
    void shouldBeValid() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);

        SwaggerParseResult parsed =
                new OpenAPIV3Parser().readLocation(Api.FOLDER.resolve(OPENAPI).toString(), null, options);

        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getPaths())
                .hasSameSizeAs(Api.read(OPENAPI).path("paths"));
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAPI, "asyncapi.yaml", Api.SCHEMAS})
    void shouldReferOnlyToWhatThereIs(String file) {
        Map<String, JsonNode> files = new HashMap<>();
        files.put(file, Api.read(file));
        files.put(Api.SCHEMAS, Api.read(Api.SCHEMAS));
        List<String> missing = new ArrayList<>();

        for (JsonNode ref : files.get(file).findValues("$ref")) {
            String[] parts = ref.textValue().split("#", -1);
            JsonNode target = files.get(parts[0].isEmpty() ? file : parts[0]);
            if (target == null || target.at(parts[1]).isMissingNode()) {
                missing.add(ref.textValue());
            }
        }

        assertThat(missing).isEmpty();
    }
}
