package io.flexmetry.processors.inactivity;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.settings.SettingsException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A case that a user's policies must get right.
 *
 * @param name says what it is about
 * @param task what the task is like
 * @param given what happens: a time and who writes or what happens, such as {@code 0:20 agent}
 * @param expect what is done about it: a time and a step, such as {@code 8:20 warn}; all of it, in order
 * @param until up to when is looked
 */
record PolicyCase(String name, Given task, List<Line> given, List<Line> expect, Duration until) {

    private static final Duration A_DAY = Duration.ofDays(1);
    private static final int PARTS_WITH_HOURS = 3;
    private static final long PER = 60;

    /** What the task is like; without a word on it a chat. */
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

    /** A time and what is then. */
    record Line(Duration at, String what) {

        /** Reads {@code 1:02:03 something: said}; what is said does not matter. */
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
            long seconds = at.toSeconds();
            String minutes = seconds < PER * PER
                    ? Long.toString(seconds / PER)
                    : seconds / (PER * PER) + ":" + twoDigits(seconds / PER % PER);
            return minutes + ":" + twoDigits(seconds % PER) + " " + what;
        }

        private static String twoDigits(long number) {
            return number < 10 ? "0" + number : Long.toString(number);
        }
    }

    /** A case as it stands in the file. */
    private record Written(
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("task") @Nullable Given task,
            @JsonProperty("given") @Nullable List<String> given,
            @JsonProperty("expect") @Nullable List<String> expect,
            @JsonProperty("until") @Nullable String until) {

        PolicyCase toCase(int number) {
            List<Line> happens = lines(given);
            Duration last = happens.isEmpty()
                    ? Duration.ZERO
                    : happens.get(happens.size() - 1).at();
            return new PolicyCase(
                    name == null ? "case " + number : name,
                    task == null ? new Given(null, null, null, null, false) : task,
                    happens,
                    lines(expect),
                    until == null ? last.plus(A_DAY) : time(until));
        }

        private static List<Line> lines(@Nullable List<String> written) {
            return written == null
                    ? List.of()
                    : written.stream().map(Line::parse).toList();
        }
    }

    /**
     * Reads a file of cases.
     *
     * @throws SettingsException with file, line and rule, if it breaks one
     */
    static List<PolicyCase> parse(String file, String yaml) {
        YAMLMapper mapper = YAMLMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = mapper.createParser(yaml)) {
            Written[] written = mapper.readValue(parser, Written[].class);
            int[] number = {0};
            return java.util.stream.Stream.of(written)
                    .map(one -> one.toCase(++number[0]))
                    .toList();
        } catch (JsonMappingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new SettingsException(file + " line " + line + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new SettingsException(file + ": expected a list of cases in YAML but " + e.getMessage());
        } catch (SettingsException e) {
            throw new SettingsException(file + ": " + e.getMessage());
        }
    }

    /** {@code 8:20}, {@code 1:08:20} or {@code PT8M20S}. */
    private static Duration time(String text) {
        try {
            if (text.startsWith("P")) {
                return Duration.parse(text);
            }
            String[] parts = text.split(":", -1);
            if (parts.length == 2 || parts.length == PARTS_WITH_HOURS) {
                long seconds = 0;
                for (String part : parts) {
                    seconds = seconds * PER + Integer.parseUnsignedInt(part);
                }
                return Duration.ofSeconds(seconds);
            }
        } catch (DateTimeException | NumberFormatException e) {
            // falls through to the one message for all that is no time
        }
        throw new SettingsException(
                "Expected a time such as 8:20 (minutes and seconds), 1:08:20 or PT8M20S but it is " + text);
    }
}
