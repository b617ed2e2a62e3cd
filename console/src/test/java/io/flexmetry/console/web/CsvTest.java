package io.flexmetry.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void shouldHaveAColumnForEachNumber() {
        List<String> lines = Csv.of(List.of("{\"reservationSid\":\"WR1\",\"values\":{\"focusTime\":12.5}}"))
                .lines()
                .toList();

        assertThat(lines.get(0))
                .startsWith("reservationSid,taskSid,state,")
                .contains(",endedAt,focusTime,firstResponseTime,");
        assertThat(lines.get(1)).startsWith("WR1,,,,,,,,,,,12.5,,");
        assertThat(lines.get(1).split(",", -1)).hasSameSizeAs(lines.get(0).split(",", -1));
    }

    @Test
    void shouldQuoteTextAndDisarmFormulas() {
        String line = Csv.of(List.of("{\"workerName\":\"=cmd()\",\"queueName\":\"a, \\\"b\\\"\",\"values\":{}}"))
                .lines()
                .toList()
                .get(1);

        assertThat(line).contains(",'=cmd(),").contains(",\"a, \"\"b\"\"\",");
    }
}
