package io.flexmetry.local.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.inactivity.InactivityStep;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.WriteBack;
import io.flexmetry.contract.settings.MetricsConfiguration;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The final report: each reservation's numbers, and whether its task has the same numbers. */
public final class Report {

    /** The metrics that are written by default. */
    private static final List<Metric> COLUMNS = Stream.of(Metric.values())
            .filter(metric -> metric.defaultAttribute().isPresent())
            .toList();

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter WALL =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Results after which the task has the values. */
    private static final Set<String> WITH_VALUES = Set.of("written", "unchanged", "late");

    /** The index of the first column with numbers. */
    private static final int FIRST_NUMBER = 4;

    private static final Map<Metric, String> HEADINGS = Map.of(
            Metric.FOCUS_TIME, "focus s",
            Metric.FIRST_RESPONSE_TIME, "first resp s",
            Metric.AVERAGE_RESPONSE_TIME, "avg resp s",
            Metric.AGENT_MESSAGES, "agent msgs",
            Metric.CUSTOMER_MESSAGES, "cust msgs",
            Metric.AVERAGE_AGENT_LENGTH, "agent len",
            Metric.AVERAGE_CUSTOMER_LENGTH, "cust len",
            Metric.MOS, "mos");

    private final List<ReservationMetrics> rows;
    private final List<InactivityStep> steps;
    private final Function<String, @Nullable String> attributesOf;
    private final MetricsConfiguration configuration;
    private final Map<String, String> lastOfTask;
    private int different;

    /**
     * Creates a report.
     *
     * @param attributesOf returns the attributes of a task by its SID
     */
    public Report(
            Observer.Seen seen, Function<String, @Nullable String> attributesOf, MetricsConfiguration configuration) {
        this.rows = seen.rows().values().stream()
                .sorted(Comparator.comparing(ReservationMetrics::acceptedAt)
                        .thenComparing(ReservationMetrics::reservationSid))
                .toList();
        this.steps = seen.steps();
        this.attributesOf = attributesOf;
        this.configuration = configuration;
        this.lastOfTask = lastOfTask(rows);
    }

    /** The table as text, a line for each reservation. */
    public List<String> table() {
        List<List<String>> cells = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("accepted", "task", "agent", "channel"));
        for (Metric metric : COLUMNS) {
            head.add(Objects.requireNonNull(HEADINGS.get(metric)));
        }
        head.addAll(List.of("written at", "on the task"));
        cells.add(head);
        different = 0;
        rows.forEach(row -> cells.add(cells(row)));
        return align(cells);
    }

    /** The inactivity steps, one line each. */
    public List<String> inactivity() {
        return steps.stream()
                .sorted(Comparator.comparing(InactivityStep::decidedAt))
                .map(step -> String.format(
                        "silence: %s  %s  %s, silent since %s: %s",
                        DAY.format(step.decidedAt()),
                        step.tasks().isEmpty() ? "" : step.tasks().get(0).substring(0, 10),
                        step.action(),
                        DAY.format(step.silentSince()),
                        step.result()))
                .toList();
    }

    /** The calls with their scores, one line each. */
    public List<String> calls() {
        return rows.stream()
                .filter(row -> row.voice() != null)
                .map(Report::call)
                .toList();
    }

    private static String call(ReservationMetrics row) {
        ReservationMetrics.Voice voice = Objects.requireNonNull(row.voice());
        String call = String.format(
                "voice: %s  %s  ", DAY.format(row.acceptedAt()), row.taskSid().substring(0, 10));
        BigDecimal score = row.values().get(Metric.MOS);
        if (score == null) {
            return call + "no score: " + voice.reason();
        }
        boolean late = row.endedAt() != null
                && voice.knownAt() != null
                && voice.knownAt().isAfter(row.endedAt());
        return call
                + String.format(
                        "score %s of %s samples, the lowest %s: %s",
                        score.toPlainString(),
                        row.values().get(Metric.MOS_SAMPLES),
                        row.values().get(Metric.MINIMUM_MOS),
                        late ? "late, the agent had completed" : "in time");
    }

    /** The number of rows whose task has other numbers; known after {@link #table}. */
    public int different() {
        return different;
    }

    private List<String> cells(ReservationMetrics row) {
        List<String> cells = new ArrayList<>();
        cells.add(DAY.format(row.acceptedAt()));
        cells.add(row.taskSid().substring(0, 10));
        cells.add(Objects.requireNonNullElse(row.workerName(), row.workerSid()).replaceAll("@.*", ""));
        cells.add(Objects.requireNonNullElse(row.channel(), ""));
        for (Metric metric : COLUMNS) {
            BigDecimal value = row.values().get(metric);
            cells.add(value == null ? "" : value.toPlainString());
        }
        cells.add(writtenAt(row));
        cells.add(onTheTask(row));
        return cells;
    }

    private String writtenAt(ReservationMetrics row) {
        WriteBack writeBack = row.writeBack();
        if (writeBack == null) {
            return "";
        }
        return WITH_VALUES.contains(writeBack.status()) ? WALL.format(writeBack.at()) : writeBack.status();
    }

    /** Compares each number of the row with its key on the task; keys without a number must be absent. */
    private String onTheTask(ReservationMetrics row) {
        if (row.values().isEmpty()) {
            return "nothing to write";
        }
        if (!row.reservationSid().equals(lastOfTask.get(row.taskSid()))) {
            return "the next agent's";
        }
        JsonNode conversations = read(attributesOf.apply(row.taskSid())).path("conversations");
        boolean equal = configuration.attributes().entrySet().stream().allMatch(entry -> {
            BigDecimal value = row.values().get(entry.getKey());
            JsonNode stored = conversations.path(entry.getValue());
            return value == null
                    ? stored.isMissingNode()
                    : stored.isNumber() && stored.decimalValue().compareTo(value) == 0;
        });
        if (!equal) {
            different++;
        }
        return equal ? "equal" : "DIFFERENT: " + conversations;
    }

    private static JsonNode read(@Nullable String attributes) {
        try {
            return attributes == null ? JSON.missingNode() : JSON.readTree(attributes);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static Map<String, String> lastOfTask(List<ReservationMetrics> rows) {
        Comparator<ReservationMetrics> byEnd = Comparator.comparing(
                        (ReservationMetrics row) -> Objects.requireNonNullElse(
                                row.endedAt(), Objects.requireNonNullElse(row.wrapUpAt(), Instant.MIN)))
                .thenComparing(ReservationMetrics::reservationSid);
        Map<String, String> last = new HashMap<>();
        rows.stream().sorted(byEnd).forEach(row -> last.put(row.taskSid(), row.reservationSid()));
        return last;
    }

    private static List<String> align(List<List<String>> cells) {
        int columns = cells.get(0).size();
        int[] widths = new int[columns];
        cells.forEach(line -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        return cells.stream()
                .map(line -> {
                    StringBuilder text = new StringBuilder();
                    for (int i = 0; i < columns; i++) {
                        boolean number = i >= FIRST_NUMBER && i < FIRST_NUMBER + COLUMNS.size();
                        String format = (number ? "%" : "%-") + widths[i] + "s  ";
                        text.append(String.format(format, line.get(i)));
                    }
                    return text.toString().stripTrailing();
                })
                .toList();
    }
}
