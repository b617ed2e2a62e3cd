package io.flexmetry.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.metric.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rows and series as comma-separated values (RFC 4180), with a column for each number. */
final class Csv {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LINE = "\r\n";

    private static final List<String> COLUMNS = List.of(
            "reservationSid",
            "taskSid",
            "state",
            "workerSid",
            "workerName",
            "channel",
            "queueName",
            "conversationSid",
            "acceptedAt",
            "wrapUpAt",
            "endedAt");

    private static final List<String> NUMBERS =
            Arrays.stream(Metric.values()).map(Metric::metricName).toList();

    private static final List<String> MEDIANS = List.of("firstResponse", "response");
    private static final List<String> COUNTS = List.of("accepted", "waiting");

    /** Values that spreadsheets interpret as formulas. */
    private static final Pattern FORMULA = Pattern.compile("[=+\\-@\\t\\r].*", Pattern.DOTALL);

    private Csv() {}

    /**
     * Rows as a table.
     *
     * @param rows JSON, as in the topic
     */
    static String of(List<String> rows) {
        List<String> header = new ArrayList<>(COLUMNS);
        header.addAll(NUMBERS);
        return header.stream().collect(Collectors.joining(",", "", LINE))
                + rows.stream().map(Csv::line).collect(Collectors.joining());
    }

    /** A series as a table with a line for each bucket. */
    static String ofSeries(JsonNode series) {
        long seconds = series.path("seconds").asLong();
        List<String> lines = new ArrayList<>();
        lines.add(
                "from,to,firstResponse,firstResponseP90,firstResponseOf,response,responseP90,responseOf,accepted,waiting");
        series.path("buckets").forEach(bucket -> {
            List<String> cells = new ArrayList<>();
            Instant from = Instant.parse(bucket.path("from").asText());
            cells.add(from.toString());
            cells.add(from.plusSeconds(seconds).toString());
            MEDIANS.forEach(name -> List.of("median", "p90", "of")
                    .forEach(part -> cells.add(number(bucket.path(name).path(part)))));
            COUNTS.forEach(name -> cells.add(number(bucket.path(name))));
            lines.add(String.join(",", cells));
        });
        return lines.stream().collect(Collectors.joining(LINE, "", LINE));
    }

    private static String number(JsonNode number) {
        return number.isNumber() ? number.decimalValue().toPlainString() : "";
    }

    private static String line(String json) {
        try {
            JsonNode row = JSON.readTree(json);
            List<String> cells = new ArrayList<>();
            COLUMNS.forEach(column -> cells.add(text(row.path(column).asText())));
            NUMBERS.forEach(number -> cells.add(row.path("values").path(number).asText()));
            return cells.stream().collect(Collectors.joining(",", "", LINE));
        } catch (IOException e) {
            throw new UncheckedIOException("Expected a row to be JSON", e);
        }
    }

    private static String text(String value) {
        String safe = FORMULA.matcher(value).matches() ? "'" + value : value;
        return safe.matches("[^\",\\r\\n]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
