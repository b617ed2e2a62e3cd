package io.flexmetry.processors.inactivity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.settings.InactivityPolicy.Action;
import io.flexmetry.contract.settings.Nearest;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Yaml;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A test case for a user's policies.
 *
 * @param name of the case
 * @param task its properties
 * @param given events: a time and who writes or what happens, such as {@code 0:20 agent}
 * @param expect all expected steps in order: a time and a step, such as {@code 8:20 warn}
 * @param until end of the simulated time
 */
record PolicyCase(String name, Given task, List<Line> given, List<Line> expect, Duration until) {

    private static final Duration A_DAY = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    /** What can happen. */
    private static final List<String> EVENTS = List.of(
            "customer",
            "agent",
            "bot",
            "supervisor",
            "system",
            "queued",
            "accepted",
            "wrap-up",
            "completed",
            "canceled",
            "transfer",
            "transfer-failed",
            "closed");

    /** What can be done about it. */
    private static final List<String> ACTIONS =
            Stream.of(Action.values()).map(Action::label).toList();

    /** {@code 1:08:20} or {@code 8:20}; minutes without hours may be 60 or more. */
    private static final Pattern TIME = Pattern.compile("(?:(\\d{1,9}):(?=[0-5]?\\d:))?(\\d{1,9}):([0-5]?\\d)");

    /** Properties of the task; by default it is a chat. */
    record Given(
            @JsonProperty("channel") @Nullable String channel,
            @JsonProperty("queue") @Nullable String queue,
            @JsonProperty("workflow") @Nullable String workflow,
            @JsonProperty("attributes") @Nullable Map<String, String> attributes,
            @JsonProperty("interaction") boolean interaction) {

        Task toTask(String taskSid, String conversationSid) {
            return new Task(
                    taskSid,
                    1,
                    channel == null ? "chat" : channel,
                    queue,
                    conversationSid,
                    null,
                    workflow,
                    interaction ? new Task.Interaction("KD", "UO") : null,
                    attributes);
        }
    }

    /** A time, and an event or a step. */
    record Line(Duration at, String what) {

        /** Parses {@code 1:02:03 customer: some text}; the text is ignored. */
        static Line parse(String text) {
            String[] words = text.strip().split("\\s+", 2);
            if (words.length < 2) {
                throw new SettingsException("Expected a time and what happens, such as 0:20 agent, but it is " + text);
            }
            return new Line(
                    time(words[0]), words[1].replaceAll(":.*", "").strip().toLowerCase(Locale.ROOT));
        }

        @Override
        public String toString() {
            return (at.toHours() == 0
                            ? String.format(Locale.ROOT, "%d:%02d ", at.toMinutes(), at.toSecondsPart())
                            : String.format(
                                    Locale.ROOT, "%d:%02d:%02d ", at.toHours(), at.toMinutesPart(), at.toSecondsPart()))
                    + what;
        }
    }

    /** A case as the file has it. */
    private record Written(
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("task") @Nullable Given task,
            @JsonProperty("given") @Nullable List<String> given,
            @JsonProperty("expect") @Nullable List<String> expect,
            @JsonProperty("until") @Nullable String until) {

        PolicyCase toCase(Place place) {
            if (expect == null) {
                throw place.wrong("", "Expected a case to list expected steps ([] for none) but expect is missing");
            }
            List<Line> happens = lines(place, "given", given == null ? List.of() : given, EVENTS);
            List<Line> expected = lines(place, "expect", expect, ACTIONS);
            Duration last = happens.isEmpty()
                    ? Duration.ZERO
                    : happens.get(happens.size() - 1).at();
            return new PolicyCase(
                    place.name(),
                    task == null ? new Given(null, null, null, null, false) : task,
                    happens,
                    expected,
                    until == null ? last.plus(A_DAY) : place.read("until", () -> time(until)));
        }

        private static List<Line> lines(Place place, String key, List<String> written, List<String> known) {
            List<Line> lines = new ArrayList<>();
            for (int i = 0; i < written.size(); i++) {
                String text = written.get(i);
                String where = key + "[" + i + "]";
                Line line = place.read(where, () -> Line.parse(text));
                if (!known.contains(line.what())) {
                    throw place.wrong(
                            where,
                            "Expected one of " + String.join(", ", known) + " but it is " + line.what()
                                    + ". Did you mean " + Nearest.to(line.what(), known) + "?");
                }
                if (i > 0 && line.at().compareTo(lines.get(i - 1).at()) < 0) {
                    throw place.wrong(
                            where, "Expected times in order but " + line + " comes after " + lines.get(i - 1));
                }
                lines.add(line);
            }
            return lines;
        }
    }

    /** A case's place in the file, for error messages. */
    private record Place(Yaml yaml, int number, String name) {

        <T> T read(String key, Supplier<T> reader) {
            try {
                return reader.get();
            } catch (SettingsException e) {
                throw wrong(key, String.valueOf(e.getMessage()));
            }
        }

        SettingsException wrong(String key, String message) {
            String path = "[" + (number - 1) + "]" + (key.isEmpty() ? "" : "." + key);
            return yaml.wrong(path, path + " (" + name + "): " + message);
        }
    }

    /**
     * Reads a file of cases.
     *
     * @throws SettingsException with file, line, case and rule, if a case is invalid
     */
    static List<PolicyCase> parse(String file, String text) {
        Yaml yaml = Yaml.parse(file, text);
        List<Written> written = List.of(yaml.as(Written[].class).orElseGet(() -> new Written[0]));
        return IntStream.range(0, written.size())
                .mapToObj(i -> {
                    String name = written.get(i).name();
                    return written.get(i).toCase(new Place(yaml, i + 1, name == null ? "case " + (i + 1) : name));
                })
                .toList();
    }

    /** {@code 8:20}, {@code 1:08:20} or {@code PT8M20S}. */
    private static Duration time(String text) {
        Matcher matcher = TIME.matcher(text);
        try {
            Duration time = matcher.matches()
                    ? Duration.ofHours(number(matcher.group(1)))
                            .plusMinutes(number(matcher.group(2)))
                            .plusSeconds(number(matcher.group(3)))
                    : Duration.parse(text);
            if (!time.isNegative() && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        } catch (DateTimeException e) {
            // the message below covers it
        }
        throw new SettingsException(
                "Expected a time such as 8:20 (minutes and seconds below 60), 1:08:20 or PT8M20S, within a year, but it is "
                        + text);
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
