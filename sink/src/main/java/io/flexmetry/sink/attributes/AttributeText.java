package io.flexmetry.sink.attributes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON text of a task's attributes, with the positions of the members of {@code conversations}. Values are replaced
 * in the text itself: parsing and writing it again would change the number formats, escapes and white space of other
 * writers.
 */
final class AttributeText {

    private static final String CONVERSATIONS = "conversations";
    private static final JsonFactory JSON = new JsonFactory();

    private final String text;
    private final List<Member> root = new ArrayList<>();
    private final List<Member> conversations = new ArrayList<>();
    private int rootStart;
    private int conversationsStart = -1;

    /** No value can be put into this text. */
    static final class UnusableException extends Exception {

        private static final long serialVersionUID = 1L;

        UnusableException(String reason) {
            super(reason);
        }
    }

    /**
     * A name with its value. {@code start} and {@code valueStart} are positions of the first character, {@code end} is
     * the position after the last one.
     *
     * @param value the JSON text of the value
     */
    private record Member(String name, int start, int valueStart, int end, JsonToken kind, String value) {

        private boolean holds(BigDecimal number) {
            try {
                return kind.isNumeric() && new BigDecimal(value).compareTo(number) == 0;
            } catch (NumberFormatException e) {
                // the exponent exceeds that of a BigDecimal, so it is another number
                return false;
            }
        }
    }

    private AttributeText(String text) {
        this.text = text;
    }

    /**
     * Parses attributes.
     *
     * @param attributes as Twilio returned them; absent or blank counts as an empty object
     * @throws UnusableException if the text is not a JSON object, or {@code conversations} is neither absent, null nor
     *     an object
     */
    static AttributeText parse(@Nullable String attributes) throws UnusableException {
        AttributeText parsed = new AttributeText(attributes == null || attributes.isBlank() ? "{}" : attributes);
        parsed.walk();
        return parsed;
    }

    /** Whether the key has this number as its value. */
    boolean holds(String key, BigDecimal number) {
        return find(key).filter(member -> member.holds(number)).isPresent();
    }

    /** A copy in which the key has this number; an existing value is replaced in place. */
    AttributeText with(String key, BigDecimal number) throws UnusableException {
        return holds(key, number) ? this : put(key, number.toPlainString());
    }

    /** A copy in which the key has this text, unless the key has a value already. */
    AttributeText withText(String key, String value) throws UnusableException {
        boolean free = find(key)
                .filter(member -> member.kind() != JsonToken.VALUE_NULL)
                .isEmpty();
        return free ? put(key, quoted(value)) : this;
    }

    private AttributeText put(String key, String value) throws UnusableException {
        Optional<Member> present = find(key);
        if (present.isPresent()) {
            return splice(present.get().valueStart(), present.get().end(), value);
        }
        String member = quoted(key) + ':' + value;
        if (conversationsStart >= 0) {
            return insert(conversations, conversationsStart, member);
        }
        String object = "{" + member + "}";
        Optional<Member> empty = find(root, CONVERSATIONS);
        return empty.isPresent()
                ? splice(empty.get().valueStart(), empty.get().end(), object)
                : insert(root, rootStart, quoted(CONVERSATIONS) + ':' + object);
    }

    /** A copy without this key. */
    AttributeText without(String key) throws UnusableException {
        Optional<Member> present = find(key);
        if (present.isEmpty()) {
            return this;
        }
        int index = conversations.indexOf(present.get());
        if (index + 1 < conversations.size()) {
            return splice(present.get().start(), conversations.get(index + 1).start(), "");
        }
        int start = index == 0
                ? present.get().start()
                : conversations.get(index - 1).end();
        return splice(start, present.get().end(), "");
    }

    @Override
    public String toString() {
        return text;
    }

    private Optional<Member> find(String key) {
        return find(conversations, key);
    }

    private static Optional<Member> find(List<Member> members, String name) {
        return members.stream().filter(member -> member.name().equals(name)).findFirst();
    }

    private AttributeText insert(List<Member> members, int objectStart, String member) throws UnusableException {
        int at = members.isEmpty()
                ? objectStart
                : members.get(members.size() - 1).end();
        return splice(at, at, members.isEmpty() ? member : "," + member);
    }

    private AttributeText splice(int start, int end, String replacement) throws UnusableException {
        return parse(text.substring(0, start) + replacement + text.substring(end));
    }

    private static String quoted(String key) {
        return TextNode.valueOf(key).toString();
    }

    private void walk() throws UnusableException {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnusableException(
                        "Expected the task's attributes to be a JSON object but they are " + parser.currentToken());
            }
            rootStart = offset(parser);
            members(parser, root, true);
            if (parser.nextToken() != null) {
                throw new UnusableException(
                        "Expected the task's attributes to be JSON but there is more text after it");
            }
        } catch (JsonProcessingException e) {
            throw new UnusableException("Expected the task's attributes to be JSON but they are not");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot happen: a text is in memory", e);
        }
    }

    private void members(JsonParser parser, List<Member> members, boolean atRoot)
            throws IOException, UnusableException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int start = (int) parser.currentTokenLocation().getCharOffset();
            if (find(members, name).isPresent() && (!atRoot || name.equals(CONVERSATIONS))) {
                throw new UnusableException("Expected the key " + name + " of the task's attributes once");
            }
            JsonToken kind = parser.nextToken();
            int valueStart = (int) parser.currentTokenLocation().getCharOffset();
            if (atRoot && name.equals(CONVERSATIONS)) {
                conversations(parser, kind);
            } else {
                parser.skipChildren();
                parser.finishToken();
            }
            int end = offset(parser);
            members.add(new Member(name, start, valueStart, end, kind, text.substring(valueStart, end)));
        }
    }

    private void conversations(JsonParser parser, JsonToken kind) throws IOException, UnusableException {
        if (kind == JsonToken.START_OBJECT) {
            conversationsStart = offset(parser);
            members(parser, conversations, false);
        } else if (kind != JsonToken.VALUE_NULL) {
            throw new UnusableException(
                    "Expected " + CONVERSATIONS + " in the task's attributes to be a JSON object but it is " + kind);
        }
    }

    private static int offset(JsonParser parser) {
        return (int) parser.currentLocation().getCharOffset();
    }
}
