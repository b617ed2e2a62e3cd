package io.flexmetry.contract.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class EndingTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldReportWrongSettingsInOneLine() {
        int code = report(new SettingsException("Expected X to be\n  1 but it is 2"));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(UTF_8)).isEqualTo("sink: Expected X to be 1 but it is 2" + System.lineSeparator());
    }

    @Test
    void shouldReportUnavailabilityInOneLine() {
        int code = report(new ExecutionException(new UnavailableException("Expected Kafka")));

        assertThat(code).isEqualTo(1);
        assertThat(err.toString(UTF_8)).isEqualTo("sink: Expected Kafka" + System.lineSeparator());
    }

    @Test
    void shouldPrintTheStackTraceOfABug() {
        int code = report(new IllegalStateException("Expected a or b"));

        assertThat(code).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("sink: java.lang.IllegalStateException: Expected a or b", "at io.");
    }

    @Test
    void shouldRefuseAPortInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> Ports.requireFree(Variable.FLEXMETRY_HEALTH_PORT, taken.getLocalPort()))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(
                            "Expected port " + taken.getLocalPort() + " (FLEXMETRY_HEALTH_PORT) to be free");
        }
    }

    private int report(Exception failure) {
        return Ending.report("sink", failure, new PrintStream(err, true, UTF_8));
    }
}
