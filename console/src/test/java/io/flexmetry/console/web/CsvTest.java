package io.flexmetry.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

    /** Spreadsheets skip a carriage return before a formula. */
    @Test
    void shouldDisarmAFormulaAfterACarriageReturn() {
        assertThat(Csv.of(List.of("{\"workerName\":\"\\r=cmd()\",\"values\":{}}")))
                .contains(",\"'\r=cmd()\",");
    }

    @Test
    void shouldHaveALineForEachBucket() throws Exception {
        JsonNode series = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build()
                .readTree("""
                {"at": "2026-01-05T12:00:00Z", "window": "today", "seconds": 900, "buckets": [
                  {"from": "2026-01-05T00:00:00Z", "accepted": 0, "waiting": 2},
                  {"from": "2026-01-05T00:15:00Z", "firstResponse": {"median": 1E+1, "p90": 12.5, "of": 3},
                   "accepted": 4, "waiting": 0}]}""");

        assertThat(Csv.ofSeries(series).split("\r\n", -1))
                .containsExactly(
                        "from,to,firstResponse,firstResponseP90,firstResponseOf,response,responseP90,responseOf,accepted,waiting",
                        "2026-01-05T00:00:00Z,2026-01-05T00:15:00Z,,,,,,,0,2",
                        "2026-01-05T00:15:00Z,2026-01-05T00:30:00Z,10,12.5,3,,,,4,0",
                        "");
    }
}
