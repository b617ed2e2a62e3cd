package io.flexmetry.contract.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.flexmetry.contract.settings.InactivityPolicy.Action;
import io.flexmetry.contract.settings.InactivityPolicy.From;
import io.flexmetry.contract.settings.InactivityPolicy.Match;
import io.flexmetry.contract.settings.InactivityPolicy.Step;
import io.flexmetry.contract.settings.InactivityPolicy.Who;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The section {@code inactivity} of the YAML file: {@code none}, {@code seed}, or a list of policies. The first matching policy applies.
 *
 * @param policies in order; empty = inactivity has no consequences
 * @param seed whether it is the sample's behaviour, whose timeout {@link Variable#TIMEOUT} sets
 */
@JsonDeserialize(using = InactivityConfiguration.Reader.class)
public record InactivityConfiguration(List<InactivityPolicy> policies, boolean seed) {

    /** No policies. */
    public static final InactivityConfiguration NONE = new InactivityConfiguration(List.of(), false);

    private static final String SEED = "seed";
    private static final Duration SEED_TIMEOUT = Duration.ofMinutes(1);
    private static final String NOTICE =
            "This conversation has been closed because there was no activity for a while. Write to us again at any time.";

    public InactivityConfiguration {
        policies = List.copyOf(policies);
        for (int i = 0; i < policies.size(); i++) {
            for (InactivityPolicy earlier : policies.subList(0, i)) {
                InactivityPolicy policy = policies.get(i);
                if (earlier.name().equals(policy.name())) {
                    throw new SettingsException(
                            "[" + i + "].name",
                            "Expected each inactivity policy to have a unique name but those in"
                                    + " lines " + earlier.line() + " and " + policy.line() + " are both called "
                                    + policy.name());
                }
                if (earlier.shadows(policy)) {
                    throw new SettingsException(
                            "[" + i + "]",
                            "Expected each inactivity policy to match something that no earlier one"
                                    + " matches but " + policy.name() + " (line " + policy.line()
                                    + ") could never fire: "
                                    + earlier.name() + " (line " + earlier.line() + ") matches all of it");
                }
            }
        }
    }

    /** The sample's behaviour: any message restarts the timeout; then the task is completed, the notice posted and the conversation closed. */
    static InactivityConfiguration seed(Duration timeout) {
        return new InactivityConfiguration(
                List.of(new InactivityPolicy(
                        SEED,
                        Match.ALL,
                        From.ACCEPTED,
                        Who.ANYONE,
                        false,
                        false,
                        "language",
                        List.of(
                                new Step(timeout, Action.COMPLETE, Map.of(), null),
                                new Step(timeout, Action.WARN, Map.of(InactivityPolicy.DEFAULT_TEXT, NOTICE), null),
                                new Step(timeout, Action.CLOSE, Map.of(), null)),
                        0)),
                true);
    }

    /** A copy with the environment's timeout, if this is the sample's behaviour. */
    InactivityConfiguration in(Environment environment) {
        return seed
                ? environment
                        .find(Variable.TIMEOUT)
                        .map(text -> seed(timeout(text)))
                        .orElse(this)
                : this;
    }

    /** Names of the task attributes that the policies use; only these enter Kafka. */
    public Set<String> attributeNames() {
        Set<String> names = new TreeSet<>();
        policies.forEach(policy -> names.addAll(policy.attributeNames()));
        return names;
    }

    /**
     * Checks that policies name only channels that carry messages.
     *
     * @throws SettingsException if a policy names another channel
     */
    void requireChannels(Set<String> known) {
        for (int i = 0; i < policies.size(); i++) {
            InactivityPolicy policy = policies.get(i);
            for (String channel : new TreeSet<>(policy.match().channel())) {
                if (!known.contains(channel)) {
                    throw new SettingsException(
                            "inactivity[" + i + "].match.channel",
                            "Expected inactivity " + policy.name() + " (line " + policy.line()
                                    + ") to match channels of metrics.chatChannels but " + channel
                                    + " is not one of them. Did you mean "
                                    + Nearest.to(channel, List.copyOf(new TreeSet<>(known)))
                                    + "?");
                }
            }
        }
    }

    private static Duration timeout(String text) {
        try {
            Duration timeout = Duration.parse(text);
            if (timeout.compareTo(InactivityPolicy.SHORTEST) >= 0 && timeout.compareTo(InactivityPolicy.LONGEST) <= 0) {
                return timeout;
            }
        } catch (DateTimeException e) {
            // same error as for a duration out of range
        }
        throw new SettingsException("Expected " + Variable.TIMEOUT
                + " to be an ISO 8601 duration from " + Durations.text(InactivityPolicy.SHORTEST) + " to "
                + Durations.text(InactivityPolicy.LONGEST) + ", such as PT1M, but it is " + text
                + Durations.hint(text));
    }

    /** Reads the three forms of the section, and adds the line of each policy. */
    static final class Reader extends StdDeserializer<InactivityConfiguration> {

        private static final long serialVersionUID = 1L;

        Reader() {
            super(InactivityConfiguration.class);
        }

        @Override
        public InactivityConfiguration deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return named(parser);
            }
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw mismatch(parser);
            }
            List<InactivityPolicy> policies = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                int line = parser.currentTokenLocation().getLineNr();
                policies.add(policy(parser, context, policies.size()).at(policies.size() + 1, line));
            }
            try {
                return new InactivityConfiguration(policies, false);
            } catch (SettingsException e) {
                throw JsonMappingException.from(parser, e.getMessage(), e);
            }
        }

        /** Adds the policy's index to the path of an error. */
        private static InactivityPolicy policy(JsonParser parser, DeserializationContext context, int index)
                throws IOException {
            try {
                return context.readValue(parser, InactivityPolicy.class);
            } catch (JsonMappingException e) {
                throw JsonMappingException.wrapWithPath(e, InactivityConfiguration.class, index);
            }
        }

        private static InactivityConfiguration named(JsonParser parser) throws IOException {
            return switch (parser.getText().toLowerCase(Locale.ROOT)) {
                case "none", "" -> NONE;
                case SEED -> seed(SEED_TIMEOUT);
                default -> throw mismatch(parser);
            };
        }

        private static SettingsException mismatch(JsonParser parser) throws IOException {
            String found = parser.currentToken() == JsonToken.START_OBJECT ? "a section of keys" : parser.getText();
            return new SettingsException(
                    "Expected inactivity to be none, seed or a list of policies but it is " + found);
        }

        @Override
        public InactivityConfiguration getNullValue(DeserializationContext context) {
            return NONE;
        }
    }
}
