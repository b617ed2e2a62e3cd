package io.flexmetry.ingest.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Uses the signatures for the token 12345 in Twilio's documentation and helper libraries. */
class SignatureValidatorTest {

    private static final String TOKEN = "12345";
    private static final String PATH = "/myapp.php?foo=1&bar=2";
    private static final String FORM =
            "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";

    static Stream<Arguments> published() {
        return Stream.of(
                argumentSet("classic", "https://mycompany.com", PATH, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
                argumentSet(
                        "order is irrelevant",
                        "https://mycompany.com",
                        PATH,
                        reversed(),
                        "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
                argumentSet(
                        "own port, signed without",
                        "https://mycompany.com:1234",
                        PATH,
                        FORM,
                        "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
                argumentSet(
                        "own port, signed with",
                        "https://mycompany.com:1234",
                        PATH,
                        FORM,
                        "CYn1h0gLBdNxDGkKJg6hYohgeD8="),
                argumentSet(
                        "no port, signed with 443",
                        "https://mycompany.com",
                        PATH,
                        FORM,
                        "kvajT1Ptam85bY51eRf/AJRuM3w="),
                argumentSet(
                        "no port, signed with 80", "http://mycompany.com", PATH, FORM, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
                argumentSet(
                        "case of the host is significant",
                        "https://MyCompany.com",
                        PATH,
                        FORM,
                        "g9IN/x4Cft2g517EjYvEvM/W7LU="),
                argumentSet("no parameters", "https://mycompany.com", PATH, "", "zYQTYrRWXE7LtzbG4PfP7/bkkGo="),
                argumentSet("no query", "https://mycompany.com", "/myapp.php", FORM, "1xaxFBvyzXYvWplzNOSs28HWO94="),
                argumentSet(
                        "repeated names: different values, sorted",
                        "https://mycompany.com",
                        PATH,
                        "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
                        "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
                argumentSet(
                        "unicode and reserved characters",
                        "https://mycompany.com",
                        PATH,
                        "Message=Hello+%26+goodbye%21+%40%23%24%25%5E*%28%29&From=%2B1+%28415%29+867-5309"
                                + "&Special=unicode%3A+%C3%B1%C3%A1%C3%A9%C3%AD%C3%B3%C3%BA",
                        "dCPiR4WtQ6QFN6pJh81CtlCcWLQ="),
                argumentSet(
                        "empty values",
                        "https://mycompany.com",
                        PATH,
                        "Digits=&CallSid=CA1234567890ABCDE&EmptyParam=",
                        "9HHp/OqQMEwdrVebHDdA/+tqjX8="),
                argumentSet(
                        "case of the names is significant",
                        "https://mycompany.com",
                        PATH,
                        "callSid=lowercase&CallSid=uppercase&CALLSID=allcaps",
                        "jDK7WKT8wiNrwggd4ceTv4e1MJ4="),
                argumentSet(
                        "apostrophe in the query, signed as %27",
                        "https://mycompany.com", PATH + "&Body=It's+amazing", FORM, "TfZzewPq8wqrGlMfyAud8+/IvJ0="),
                argumentSet(
                        "user name, signed with 443",
                        "https://user@mycompany.com",
                        PATH,
                        FORM,
                        "aZfj4hyX1MLZhSS6QIL18Vn2/RA="),
                argumentSet(
                        "credentials, signed with 443",
                        "https://user:pass@mycompany.com",
                        PATH,
                        FORM,
                        "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI="),
                argumentSet(
                        "credentials, signed without them",
                        "https://user:pass@mycompany.com",
                        PATH,
                        FORM,
                        "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
                argumentSet(
                        "two slashes", "https://mycompany.com:443", "/" + PATH, FORM, "A9lH3u16NjyiiM/+wylw5rirFUs="));
    }

    @ParameterizedTest
    @MethodSource("published")
    void shouldAcceptPublishedSignatures(String origin, String path, String body, String signature) throws Exception {
        SignatureValidator validator = new SignatureValidator(List.of(URI.create(origin)), List.of(TOKEN));

        boolean valid = validator.isValid(path, Form.parse(body.getBytes(UTF_8)), signature);

        assertThat(valid).isTrue();
    }

    @ParameterizedTest
    @MethodSource("published")
    void shouldRefusePublishedSignaturesWithAnyPartChanged(String origin, String path, String body, String signature)
            throws Exception {
        SignatureValidator validator = new SignatureValidator(List.of(URI.create(origin)), List.of(TOKEN));
        Form form = Form.parse(body.getBytes(UTF_8));

        assertThat(validator.isValid(path + "&x=1", form, signature)).isFalse();
        assertThat(validator.isValid(path, Form.parse((body + "&x=1").getBytes(UTF_8)), signature))
                .isFalse();
        assertThat(validator.isValid(path, form, "NOT" + signature)).isFalse();
        assertThat(validator.isValid(path, form, "")).isFalse();
        assertThat(new SignatureValidator(List.of(URI.create(origin)), List.of("54321")).isValid(path, form, signature))
                .isFalse();
    }

    @Test
    void shouldAcceptTheSecondaryTokenWhileTokensAreRotated() throws Exception {
        SignatureValidator validator =
                new SignatureValidator(List.of(URI.create("https://mycompany.com")), List.of("new", TOKEN));

        boolean valid = validator.isValid(PATH, Form.parse(FORM.getBytes(UTF_8)), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");

        assertThat(valid).isTrue();
    }

    static Stream<Arguments> publishedForBodies() {
        String body = "{\"property\": \"value\", \"boolean\": true}";
        String hash = "bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
        return Stream.of(
                argumentSet("hash after other parameters", PATH + "&" + hash, body, "a9nBmqA0ju/hNViExpshrM61xv4="),
                argumentSet("hash alone", "/myapp.php?" + hash, body, "y77kIzt2vzLz71DgmJGsen2scGs="));
    }

    @ParameterizedTest
    @MethodSource("publishedForBodies")
    void shouldAcceptPublishedSignaturesOnlyForTheirBody(String path, String body, String signature) {
        SignatureValidator validator =
                new SignatureValidator(List.of(URI.create("https://mycompany.com")), List.of(TOKEN));

        assertThat(validator.isValidForBody(path, body.getBytes(UTF_8), signature))
                .isTrue();
        assertThat(validator.isValidForBody(path, (body + " ").getBytes(UTF_8), signature))
                .as("another body with a captured signature")
                .isFalse();
        assertThat(validator.isValidForBody(path.replace("a1", "b1"), body.getBytes(UTF_8), signature))
                .isFalse();
    }

    @Test
    void shouldRefuseABodyWhoseHashIsNotSigned() throws Exception {
        SignatureValidator validator =
                new SignatureValidator(List.of(URI.create("https://mycompany.com")), List.of(TOKEN));

        assertThat(validator.isValidForBody(PATH, "{}".getBytes(UTF_8), "zYQTYrRWXE7LtzbG4PfP7/bkkGo="))
                .isFalse();
    }

    /** Checks all of Twilio's vectors, if its files are beside the checkout. */
    @Test
    void shouldAgreeWithEveryPublishedVector() throws Exception {
        Path vectors = Path.of("../../shared/twilio/validation/request-validation-vectors.json");
        assumeTrue(Files.exists(vectors), "Twilio's vectors are not beside this checkout");
        Pattern url = Pattern.compile("(https?://[^/]+)(/.*)");

        for (JsonNode vector : new ObjectMapper().readTree(vectors.toFile()).get("vectors")) {
            Matcher parts = url.matcher(vector.get("url").asText());
            assertThat(parts.matches()).isTrue();
            SignatureValidator validator = new SignatureValidator(
                    List.of(URI.create(parts.group(1))),
                    List.of(vector.get("auth_token").asText()));
            String signature = vector.get("signature").asText();
            boolean valid = vector.get("form_params").isNull()
                    ? validator.isValidForBody(
                            parts.group(2), vector.get("body").asText().getBytes(UTF_8), signature)
                    : validator.isValid(parts.group(2), form(vector.get("form_params")), signature);

            assertThat(valid)
                    .as(vector.get("name").asText())
                    .isEqualTo(vector.get("expect_valid").asBoolean());
        }
    }

    private static Form form(JsonNode parameters) {
        List<Form.Parameter> form = new ArrayList<>();
        parameters.forEach(parameter -> form.add(new Form.Parameter(
                parameter.get(0).asText(),
                parameter.get(1).isNull() ? "" : parameter.get(1).asText())));
        return new Form(form);
    }

    private static String reversed() {
        List<String> parts = new ArrayList<>(List.of(FORM.split("&")));
        Collections.reverse(parts);
        return String.join("&", parts);
    }
}
