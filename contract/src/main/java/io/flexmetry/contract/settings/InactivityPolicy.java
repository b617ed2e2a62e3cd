package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A policy of the section {@code inactivity}: which conversations it matches, whose silence counts, from when, and the steps that follow.
 *
 * @param name name in reports and records; {@code policy N} if the file has none
 * @param match conditions on the conversation's tasks
 * @param from earliest start of a silence
 * @param silence whose silence counts
 * @param pauseWhileAgentOwesReply whether silence does not count while the customer waits for the agent
 * @param dryRun whether steps are decided and recorded, but not executed
 * @param language task attribute that contains the language of warnings
 * @param steps steps, the earliest first
 * @param line line in the file; 0 if it does not come from a file
 */
public record InactivityPolicy(
        String name,
        Match match,
        From from,
        Who silence,
        boolean pauseWhileAgentOwesReply,
        boolean dryRun,
        String language,
        List<Step> steps,
        int line) {

    /** Key of the text for languages without their own. */
    public static final String DEFAULT_TEXT = "default";

    private static final String DEFAULT_LANGUAGE = "language";

    /** The most characters of an SMS. */
    private static final int LONGEST_TEXT = 1_600;

    /** Shortest silence before a step. */
    static final Duration SHORTEST = Duration.ofSeconds(1);

    static final Duration LONGEST = Duration.ofDays(366);

    public static final int MOST_STEPS = 100;

    /** When silence starts to count at the earliest. */
    public enum From {
        @JsonProperty("accepted")
        ACCEPTED,
        @JsonProperty("first-agent-message")
        FIRST_AGENT_MESSAGE,
        @JsonProperty("queued")
        QUEUED
    }

    /** Whose silence counts. */
    public enum Who {
        @JsonProperty("customer")
        CUSTOMER,
        @JsonProperty("agent")
        AGENT,
        @JsonProperty("anyone")
        ANYONE
    }

    /** What a step does. */
    public enum Action {
        @JsonProperty("warn")
        WARN("warn"),
        @JsonProperty("wrap-up")
        WRAP_UP("wrap-up"),
        @JsonProperty("complete")
        COMPLETE("complete"),
        @JsonProperty("close")
        CLOSE("close"),
        @JsonProperty("park")
        PARK("park"),
        @JsonProperty("notify")
        NOTIFY("notify");

        private final String label;

        Action(String label) {
            this.label = label;
        }

        /** Its name in the file. */
        public String label() {
            return label;
        }

        private boolean isLast() {
            return this == COMPLETE || this == CLOSE;
        }
    }

    /**
     * Conditions on a task, all of which must be fulfilled. A condition without values always is.
     *
     * @param channel unique names of task channels
     * @param queue names of queues
     * @param workflow names of workflows
     * @param attributes allowed values by name of the task attribute
     */
    public record Match(
            Set<String> channel, Set<String> queue, Set<String> workflow, Map<String, Set<String>> attributes) {

        static final Match ALL = new Match(Set.of(), Set.of(), Set.of(), Map.of());

        @JsonCreator
        public Match(
                @JsonProperty("channel") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
                        Set<String> channel,
                @JsonProperty("queue") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
                        Set<String> queue,
                @JsonProperty("workflow") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
                        Set<String> workflow,
                @JsonProperty("attributes")
                        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                        @Nullable
                        Map<String, Set<String>> attributes) {
            this.channel = channel == null ? Set.of() : Set.copyOf(channel);
            this.queue = queue == null ? Set.of() : Set.copyOf(queue);
            this.workflow = workflow == null ? Set.of() : Set.copyOf(workflow);
            this.attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
        }

        /** Whether a task fulfils all conditions; a missing value fulfils none. */
        public boolean matches(
                @Nullable String taskChannel,
                @Nullable String queueName,
                @Nullable String workflowName,
                Map<String, String> taskAttributes) {
            return allows(channel, taskChannel)
                    && allows(queue, queueName)
                    && allows(workflow, workflowName)
                    && attributes.entrySet().stream()
                            .allMatch(entry -> allows(entry.getValue(), taskAttributes.get(entry.getKey())));
        }

        /** Whether it matches everything that the other matches. */
        boolean covers(Match other) {
            return covers(channel, other.channel)
                    && covers(queue, other.queue)
                    && covers(workflow, other.workflow)
                    && attributes.entrySet().stream()
                            .allMatch(entry ->
                                    covers(entry.getValue(), other.attributes.getOrDefault(entry.getKey(), Set.of())));
        }

        private static boolean allows(Set<String> values, @Nullable String value) {
            return values.isEmpty() || (value != null && values.contains(value));
        }

        private static boolean covers(Set<String> wide, Set<String> narrow) {
            return wide.isEmpty() || (!narrow.isEmpty() && wide.containsAll(narrow));
        }
    }

    /**
     * An action after a certain silence.
     *
     * @param after length of the silence
     * @param action what is done
     * @param text text of a warning by language; {@value InactivityPolicy#DEFAULT_TEXT} for all others
     * @param channel unique name of the task channel that a parked task moves to
     */
    public record Step(
            Duration after,
            Action action,
            Map<String, String> text,
            @Nullable String channel) {

        public Step {
            text = new LinkedHashMap<>(text);
            Durations.requireWithin("after", "after", after, SHORTEST, LONGEST);
            if (action == Action.WARN) {
                expect(
                        "text",
                        text.containsKey(DEFAULT_TEXT),
                        "a warn to have a text, or texts including one for " + DEFAULT_TEXT);
                text.forEach((language, one) -> expect(
                        "text",
                        !one.isBlank() && one.length() <= LONGEST_TEXT,
                        "the text of a warn to have 1 to " + LONGEST_TEXT + " characters (" + language + ")"));
            } else {
                expect("text", text.isEmpty(), "a text only on warn but there is one on " + action.label());
            }
            expect(
                    "channel",
                    (action == Action.PARK) == (channel != null && !channel.isBlank()),
                    action == Action.PARK
                            ? "a park to have a channel, the task channel that the task moves to"
                            : "a channel only on park but there is one on " + action.label());
        }

        @JsonCreator
        static Step parse(
                @JsonProperty("after") @Nullable String after,
                @JsonProperty("do") @Nullable Action action,
                @JsonProperty("text") @Nullable JsonNode text,
                @JsonProperty("channel") @Nullable String channel) {
            if (action == null) {
                throw new SettingsException(
                        "do",
                        "Expected an inactivity step to have an action (warn, wrap-up, complete,"
                                + " close, park or notify) but do is missing");
            }
            return new Step(duration(after), action, texts(text), channel);
        }

        /** The warning in a language. */
        public String textIn(@Nullable String wanted) {
            String otherwise = text.getOrDefault(DEFAULT_TEXT, "");
            return wanted == null ? otherwise : text.getOrDefault(wanted, otherwise);
        }

        private static Map<String, String> texts(@Nullable JsonNode text) {
            Map<String, String> texts = new LinkedHashMap<>();
            if (text != null && text.isObject()) {
                text.properties()
                        .forEach(one -> texts.put(one.getKey(), one.getValue().asText()));
            } else if (text != null && !text.isNull()) {
                texts.put(DEFAULT_TEXT, text.asText());
            }
            return texts;
        }
    }

    public InactivityPolicy {
        steps = List.copyOf(steps);
        expect("steps", !steps.isEmpty(), "a policy to have steps: without any it could never fire");
        expect(
                "steps",
                steps.size() <= MOST_STEPS,
                "a policy to have at most " + MOST_STEPS + " steps but it has " + steps.size());
        expect(
                "pauseWhileAgentOwesReply",
                silence != Who.AGENT || !pauseWhileAgentOwesReply,
                "no pauseWhileAgentOwesReply together with silence: agent");
        for (int i = 1; i < steps.size(); i++) {
            Step before = steps.get(i - 1);
            Step step = steps.get(i);
            expect(
                    "steps[" + i + "]",
                    step.after().compareTo(before.after()) >= 0,
                    "steps in order but " + step.action().label() + " after " + step.after() + " follows "
                            + before.action().label() + " after " + before.after());
            expect(
                    "steps[" + i + "]",
                    !before.action().isLast() || step.after().equals(before.after()),
                    step.action().label() + " after " + step.after() + " not to follow "
                            + before.action().label() + ", which is final: it could never fire");
        }
    }

    @JsonCreator
    static InactivityPolicy parse(
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("match") @Nullable Match match,
            @JsonProperty("from") @Nullable From from,
            @JsonProperty("silence") @Nullable Who silence,
            @JsonProperty("pauseWhileAgentOwesReply") @Nullable Boolean pauseWhileAgentOwesReply,
            @JsonProperty("dryRun") boolean dryRun,
            @JsonProperty("language") @Nullable String language,
            @JsonProperty("steps") @Nullable List<Step> steps) {
        Who who = silence == null ? Who.CUSTOMER : silence;
        return new InactivityPolicy(
                name == null ? "" : name,
                match == null ? Match.ALL : match,
                from == null ? From.ACCEPTED : from,
                who,
                pauseWhileAgentOwesReply == null ? who != Who.AGENT : pauseWhileAgentOwesReply,
                dryRun,
                language == null ? DEFAULT_LANGUAGE : language,
                steps == null ? List.of() : steps,
                0);
    }

    /** A copy with its line; a policy without a name is called by its number. */
    InactivityPolicy at(int number, int where) {
        return new InactivityPolicy(
                name.isEmpty() ? "policy " + number : name,
                match,
                from,
                silence,
                pauseWhileAgentOwesReply,
                dryRun,
                language,
                steps,
                where);
    }

    /** Whether it matches everything that the other matches; only some policies match tasks that nobody has accepted. */
    boolean shadows(InactivityPolicy other) {
        return match.covers(other.match) && (from == From.QUEUED || other.from != From.QUEUED);
    }

    /** Silence before the first step. */
    public Duration firstAfter() {
        return steps.get(0).after();
    }

    /** Names of the task attributes that it uses. */
    Set<String> attributeNames() {
        Set<String> names = new TreeSet<>(new TreeMap<>(match.attributes()).keySet());
        if (steps.stream().anyMatch(step -> step.text().size() > 1)) {
            names.add(language);
        }
        return names;
    }

    private static Duration duration(@Nullable String text) {
        if (text == null) {
            throw new SettingsException("after", "Expected an inactivity step to have a duration but after is missing");
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            throw new SettingsException(
                    "after",
                    "Expected after to be an ISO 8601 duration such as PT8M but it is " + text + Durations.hint(text));
        }
    }

    private static void expect(String key, boolean holds, String what) {
        if (!holds) {
            throw new SettingsException(key, "Expected " + what);
        }
    }
}
