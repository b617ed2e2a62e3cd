package io.flexmetry.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flexmetry.contract.metric.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rows as comma-separated values (RFC 4180), a column for each number. */
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

    /** What a spreadsheet takes for a formula. */
    private static final Pattern FORMULA = Pattern.compile("[=+\\-@\\t].*", Pattern.DOTALL);

    private Csv() {}

    /**
     * A table.
     *
     * @param rows JSON, as they stand in the topic
     */
    static String of(List<String> rows) {
        List<String> header = new ArrayList<>(COLUMNS);
        header.addAll(NUMBERS);
        return header.stream().collect(Collectors.joining(",", "", LINE))
                + rows.stream().map(Csv::line).collect(Collectors.joining());
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
