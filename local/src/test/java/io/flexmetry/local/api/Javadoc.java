package io.flexmetry.local.api;

import io.flexmetry.contract.event.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The Javadoc of a type and of its components, from the source, so that the API description has the same texts.
 *
 * @param summary the text before the tags
 * @param params the text of each {@code @param}
 */
record Javadoc(String summary, Map<String, String> params) {

    private static final Javadoc NONE = new Javadoc("", Map.of());
    private static final Pattern TAG = Pattern.compile("(?m)^@");
    private static final Pattern PARAM = Pattern.compile("param (\\w+)\\s+(.*)", Pattern.DOTALL);
    private static final Pattern INLINE = Pattern.compile("\\{@(code|link|value)\\s+([^}]*)}");
    private static final Map<String, String> SOURCES = new ConcurrentHashMap<>();

    /** The Javadoc of one of our types; empty if there is none. */
    static Javadoc of(Class<?> type) {
        if (!type.getName().startsWith("io.flexmetry.")) {
            return NONE;
        }
        String source = source(type);
        return Pattern.compile("(?m)^ *(?:public |private |sealed |static )*(?:record|interface|enum) "
                        + type.getSimpleName() + "\\b")
                .matcher(source)
                .results()
                .findFirst()
                .map(declaration -> before(type, source.substring(0, declaration.start())))
                .orElse(NONE);
    }

    /** The Javadoc of the declaration with this text, such as {@code @JsonProperty("focusTime")}. */
    static Javadoc before(Class<?> type, Pattern what) {
        String source = source(type);
        return what.matcher(source)
                .results()
                .findFirst()
                .map(found -> before(type, source.substring(0, found.start())))
                .orElse(NONE);
    }

    private static Javadoc before(Class<?> type, String source) {
        int end = source.lastIndexOf("*/");
        // the Javadoc of an earlier declaration
        if (end < 0 || source.indexOf(';', end) >= 0) {
            return NONE;
        }
        String comment = source.substring(source.lastIndexOf("/**", end) + 3, end)
                .replaceAll("(?m)^ *\\* ?", "")
                .strip();
        String[] parts = TAG.split(comment, -1);
        Map<String, String> params = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            Matcher param = PARAM.matcher(parts[i]);
            if (param.matches()) {
                params.put(param.group(1), plain(type, param.group(2)));
            }
        }
        return new Javadoc(plain(type, parts[0]), params);
    }

    private static String plain(Class<?> type, String text) {
        return INLINE.matcher(text.replaceAll("<p>|</?pre>", ""))
                .replaceAll(tag -> Matcher.quoteReplacement(plain(type, tag)))
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String plain(Class<?> type, MatchResult tag) {
        String text = tag.group(2).strip();
        if (tag.group(1).equals("value")) {
            return value(type, text.substring(text.indexOf('#') + 1)).orElseThrow();
        }
        if (tag.group(1).equals("code")) {
            return text;
        }
        // a link may have a label, otherwise the name is used
        int label = text.indexOf(' ');
        return label < 0 ? text.replaceFirst("^.*[.#]", "") : text.substring(label + 1);
    }

    /** The value of a constant of the type, of an enclosing one, or of {@link Limits}. */
    private static Optional<String> value(Class<?> type, String name) {
        List<Class<?>> owners = new ArrayList<>();
        for (Class<?> owner = type; owner != null; owner = owner.getDeclaringClass()) {
            owners.add(owner);
        }
        owners.add(Limits.class);
        return owners.stream()
                .flatMap(owner -> Stream.of(owner.getDeclaredFields()))
                .filter(field -> field.getName().equals(name))
                .findFirst()
                .map(Javadoc::constant);
    }

    private static String constant(Field field) {
        try {
            field.setAccessible(true);
            return String.valueOf(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Expected to read " + field, e);
        }
    }

    private static String source(Class<?> type) {
        Class<?> outermost = type;
        while (outermost.getDeclaringClass() != null) {
            outermost = outermost.getDeclaringClass();
        }
        return SOURCES.computeIfAbsent(outermost.getName(), Javadoc::read);
    }

    private static String read(String name) {
        String module = name.split("\\.", -1)[2];
        try {
            return Files.readString(Path.of("..", module, "src/main/java", name.replace('.', '/') + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
