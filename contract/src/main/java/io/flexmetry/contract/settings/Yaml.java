package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A YAML file written by a person. Errors name the line of the key; the parser's own position is behind the section.
 */
public final class Yaml {

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .addModule(new SimpleModule().addDeserializer(Duration.class, new Durations.Reader()))
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    static {
        // an empty list entry is a mistake; a key without a value has its default
        MAPPER.setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));
    }

    private static final int LONGEST_FOUND = 100;

    private final String name;
    private final String text;
    private final Map<String, Place> places = new HashMap<>();

    /** Line of a value's key (of the value in a list), and a description of the value. */
    private record Place(int line, String found) {}

    private Yaml(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /**
     * @param name name of the file, for messages
     * @throws SettingsException if it is not YAML, has a duplicate key or more than one document
     */
    public static Yaml parse(String name, String text) {
        Yaml yaml = new Yaml(name, text);
        try (JsonParser parser = MAPPER.createParser(text)) {
            if (parser.nextToken() != null) {
                yaml.walk(parser, "", line(parser));
                if (parser.nextToken() != null) {
                    throw new SettingsException(
                            name + " line " + line(parser) + ": Expected one document but a second one begins there");
                }
            }
        } catch (JsonProcessingException e) {
            JsonLocation location = e.getLocation();
            throw new SettingsException(name + (location == null ? "" : " line " + location.getLineNr())
                    + ": Expected YAML but " + oneLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new SettingsException(name + ": Expected YAML but " + oneLine(e.getMessage()));
        }
        return yaml;
    }

    private void walk(JsonParser parser, String path, int line) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            places.put(path, new Place(line, "a section of keys"));
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = join(path, parser.currentName());
                int keyLine = line(parser);
                Place earlier = places.get(key);
                if (earlier != null) {
                    throw new SettingsException(name + " line " + keyLine + ": Expected " + key
                            + " to appear once but it is already in line " + earlier.line());
                }
                parser.nextToken();
                walk(parser, key, keyLine);
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            int size = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                walk(parser, path + "[" + size++ + "]", line(parser));
            }
            places.put(path, new Place(line, size == 0 ? "an empty list" : "a list"));
        } else {
            String found = oneLine(parser.getText());
            places.put(path, new Place(line, found.isEmpty() ? "empty" : shortened(found)));
        }
    }

    /**
     * The file's content.
     *
     * @return empty if the file is empty
     * @throws SettingsException with line, key, rule and actual value, if it breaks a rule
     */
    public <T> Optional<T> as(Class<T> type) {
        if (places.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(MAPPER.readValue(text, type));
        } catch (UnrecognizedPropertyException e) {
            String path = path(e);
            List<String> known = e.getKnownPropertyIds() == null
                    ? List.of()
                    : e.getKnownPropertyIds().stream().map(Object::toString).toList();
            throw wrong(path, "unknown key " + path + didYouMean(e.getPropertyName(), known));
        } catch (JsonMappingException e) {
            SettingsException rule = rule(e);
            if (rule != null) {
                String path = join(path(e), rule.key().orElse(""));
                throw wrong(path, String.valueOf(rule.getMessage()));
            }
            throw mismatch(path(e), e);
        } catch (IOException e) {
            throw new SettingsException(name + ": Expected YAML but " + oneLine(e.getMessage()));
        }
    }

    /**
     * An error at a place in the file.
     *
     * @param path such as {@code [0].given[2]}
     */
    public SettingsException wrong(String path, String message) {
        return new SettingsException(
                name + " line " + place(path).line() + ": " + (message.contains(path) ? "" : path + ": ") + message);
    }

    private SettingsException mismatch(String path, JsonMappingException e) {
        String what = path.isEmpty() ? "the file" : path;
        if (e instanceof InvalidNullException) {
            return wrong(path, "Expected " + what + " to have a value but there is none");
        }
        Class<?> type = e instanceof MismatchedInputException mismatched ? mismatched.getTargetType() : null;
        String found = place(path).found();
        return wrong(path, "Expected " + what + " to be " + kind(type) + " but it is " + found + nearest(type, found));
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "a value of another kind";
        }
        if (type.isEnum()) {
            return or(values(type));
        }
        if (type == Duration.class) {
            return Durations.KIND;
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a whole number";
        }
        if (type == String.class) {
            return "a text";
        }
        return Collection.class.isAssignableFrom(type) || type.isArray()
                ? "a list such as [a, b]"
                : "a section of keys";
    }

    private static String nearest(@Nullable Class<?> type, String found) {
        if (type == Duration.class) {
            return Durations.hint(found);
        }
        return type != null && type.isEnum() ? didYouMean(found, values(type)) : "";
    }

    /** Constants as written in the file. */
    private static List<String> values(Class<?> type) {
        return Stream.of(type.getEnumConstants())
                .map(constant -> MAPPER.convertValue(constant, String.class))
                .toList();
    }

    private static String didYouMean(String found, List<String> known) {
        return known.isEmpty() ? "" : ". Did you mean " + Nearest.to(found, known) + "?";
    }

    private static String or(List<String> values) {
        int last = values.size() - 1;
        return last < 1
                ? String.join("", values)
                : String.join(", ", values.subList(0, last)) + " or " + values.get(last);
    }

    /** The place of a path, or of its nearest parent. */
    private Place place(String path) {
        for (String candidate = path; !candidate.isEmpty(); candidate = parent(candidate)) {
            Place place = places.get(candidate);
            if (place != null) {
                return place;
            }
        }
        return places.getOrDefault("", new Place(1, "empty"));
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }

    private static String path(JsonMappingException e) {
        String path = "";
        for (Reference reference : e.getPath()) {
            path = reference.getFieldName() == null
                    ? path + "[" + reference.getIndex() + "]"
                    : join(path, reference.getFieldName());
        }
        return path;
    }

    private static String join(String path, String key) {
        return path.isEmpty() || key.isEmpty() || key.startsWith("[") ? path + key : path + "." + key;
    }

    private static @Nullable SettingsException rule(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SettingsException rule) {
                return rule;
            }
        }
        return null;
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    private static String shortened(String found) {
        return found.length() <= LONGEST_FOUND ? found : found.substring(0, LONGEST_FOUND) + "…";
    }

    private static String oneLine(@Nullable String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
