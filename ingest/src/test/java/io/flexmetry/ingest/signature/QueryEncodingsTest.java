package io.flexmetry.ingest.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A query is signed in one encoding and received in another one: other characters are escaped, or with digits in another case. */
class QueryEncodingsTest {

    private static final String TOKEN = "12345";
    private static final String ORIGIN = "https://example.com";
    private static final String PATH = "/webhooks/taskrouter?";
    private static final Form FORM = new Form(List.of(new Form.Parameter("EventType", "task.created")));

    /** RFC 3986's unreserved characters and sub-delimiters, except those that separate parameters or represent a space. */
    private static final String FREE = "abfzAFZ0279-._~!$'()*,;";

    /** Parts that must stay unchanged, except for the case of the digits. */
    private static final List<String> FIXED =
            List.of("&", "=", "+", "%26", "%3D", "%2B", "%20", "%25", "%C3%A9", "%3F", "/", "?", ":", "@");

    private final SignatureValidator validator = new SignatureValidator(List.of(URI.create(ORIGIN)), List.of(TOKEN));

    /** How a query is encoded. */
    private record Convention(Set<Character> escaped, boolean upperCase) {
        String write(List<String> query) {
            StringBuilder text = new StringBuilder();
            for (String part : query) {
                boolean escapes = part.length() == 1 && escaped.contains(part.charAt(0));
                String written = escapes ? "%" + Integer.toHexString(part.charAt(0)) : part;
                boolean isEscape = written.length() > 1;
                text.append(
                        !isEscape
                                ? written
                                : upperCase ? written.toUpperCase(Locale.ROOT) : written.toLowerCase(Locale.ROOT));
            }
            return text.toString();
        }
    }

    @Provide
    Arbitrary<List<String>> queries() {
        return parts(FREE).list().ofMaxSize(20);
    }

    /** With at most three of the characters that only some encoders escape. */
    @Provide
    Arbitrary<List<String>> simpleQueries() {
        return Arbitraries.of('!', '$', '\'', '(', ')', '*', ',', ';', '~')
                .set()
                .ofMaxSize(3)
                .flatMap(few -> parts(few.stream().map(String::valueOf).reduce("az09-._", String::concat))
                        .list()
                        .ofMaxSize(20));
    }

    @Provide
    Arbitrary<Convention> encoders() {
        return convention(Arbitraries.of(
                characters(""),
                characters("'"),
                characters("$,;"),
                characters("!$'()*,;"),
                characters("!$'(),;~"),
                characters("!$'()*,;~")));
    }

    @Provide
    Arbitrary<Convention> signers() {
        return convention(Arbitraries.of(characters("!$'()*,;~")).set());
    }

    @Provide
    Arbitrary<Convention> proxies() {
        return convention(Arbitraries.of(characters(FREE)).set());
    }

    @Property(tries = 2_000)
    void shouldAcceptAnEncodersQueryAfterAnyProxy(
            @ForAll("queries") List<String> query,
            @ForAll("encoders") Convention signer,
            @ForAll("proxies") Convention proxy) {
        assertThat(isValid(proxy.write(query), sign(signer.write(query)))).isTrue();
    }

    @Property(tries = 2_000)
    void shouldAcceptAnyConventionWithFewOptionalCharacters(
            @ForAll("simpleQueries") List<String> query,
            @ForAll("signers") Convention signer,
            @ForAll("proxies") Convention proxy) {
        assertThat(isValid(proxy.write(query), sign(signer.write(query)))).isTrue();
    }

    @Property(tries = 2_000)
    void shouldRefuseADifferentQuery(
            @ForAll("queries") List<String> query,
            @ForAll("queries") List<String> other,
            @ForAll("encoders") Convention signer,
            @ForAll("proxies") Convention proxy) {
        Assume.that(!query.equals(other));

        assertThat(isValid(proxy.write(other), sign(signer.write(query)))).isFalse();
    }

    @Property(tries = 2_000)
    void shouldRefuseOneDifferentCharacter(
            @ForAll("simpleQueries") List<String> before,
            @ForAll("simpleQueries") List<String> after,
            @ForAll("changes") List<String> change,
            @ForAll("proxies") Convention proxy) {
        Assume.that(!change.get(0).equals(change.get(1)));
        String signed = proxy.write(before) + change.get(0) + proxy.write(after);

        assertThat(isValid(proxy.write(before) + change.get(1) + proxy.write(after), sign(signed)))
                .isFalse();
    }

    /** Replacements that change the meaning, including those of separators and spaces. */
    @Provide
    Arbitrary<List<String>> changes() {
        return Arbitraries.oneOf(
                Arbitraries.of(List.of(
                        List.of("&", "%26"),
                        List.of("%26", "&"),
                        List.of("=", "%3D"),
                        List.of("%3D", "="),
                        List.of("+", "%2B"),
                        List.of("%2B", "+"),
                        List.of("+", "%20"),
                        List.of("%2541", "%41"),
                        List.of("%41", "%2541"))),
                parts(FREE).list().ofSize(2));
    }

    /** {@code %%34%31} is a broken query, not an alternative encoding of {@code %41}. */
    @Example
    void shouldNotCreateEscapesFromBrokenOnes() {
        assertThat(isValid("a=%%34%31", sign("a=%41"))).isFalse();
        assertThat(isValid("a=%4%31", sign("a=A"))).isFalse();
        assertThat(isValid("a=%", sign("a=%"))).isTrue();
    }

    @Example
    void shouldTryOnlyAFewAlternatives() {
        assertThat(QueryEncodings.alternatives("/?!$'()*,;~%c3%A9")).hasSizeBetween(2, QueryEncodings.MOST);
        assertThat(QueryEncodings.alternatives("/?!$'%c3%A9")).hasSizeBetween(2, QueryEncodings.MOST);
        assertThat(QueryEncodings.alternatives("/?plain=1")).isEmpty();
        assertThat(QueryEncodings.alternatives("/without'query")).isEmpty();
    }

    /** Another encoding must not hide the hash of the body. */
    @Example
    void shouldFindTheBodyHashInAnyEncoding() {
        String hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        String signed = PATH + "q=it's&bodySHA256=" + hash;

        assertThat(validator.isValidForBody(PATH + "q=it%27s&body%53HA256=" + hash, new byte[0], signature(signed)))
                .isTrue();
        assertThat(validator.isValidForBody(PATH + "q=it%27s%26bodySHA256=" + hash, new byte[0], signature(signed)))
                .isFalse();
    }

    private boolean isValid(String query, String signature) {
        return validator.isValid(PATH + query, FORM, signature);
    }

    private static String sign(String query) {
        return signature(PATH + query + "EventTypetask.created");
    }

    private static String signature(String data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(TOKEN.getBytes(UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal((ORIGIN + data).getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Arbitrary<Convention> convention(Arbitrary<Set<Character>> escaped) {
        return escaped.flatMap(
                characters -> Arbitraries.of(true, false).map(upperCase -> new Convention(characters, upperCase)));
    }

    private static Arbitrary<String> parts(String free) {
        return Arbitraries.oneOf(
                Arbitraries.of(List.copyOf(characters(free))).map(String::valueOf), Arbitraries.of(FIXED));
    }

    private static Set<Character> characters(String text) {
        return text.chars().mapToObj(c -> (char) c).collect(Collectors.toSet());
    }
}
