package io.flexmetry.contract.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceMainTest {

    private static final long LONG_SECONDS = 60;

    /** A service that has died and cannot be closed. */
    static final class Broken implements Service {

        public static void main(String[] args) {
            ServiceMain.run("broken", args, environment -> {}, environment -> new Broken());
        }

        @Override
        public CompletionStage<Void> died() {
            return CompletableFuture.failedFuture(new UnavailableException("It died"));
        }

        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public void close() {
            throw new IllegalStateException("It cannot be closed");
        }
    }

    /** Otherwise nothing would start it again. */
    @Test
    void shouldEndTheProcessWhenAServiceCannotBeClosed(@TempDir Path folder) throws Exception {
        Path printed = folder.resolve("printed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Broken.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertThat(process.waitFor(LONG_SECONDS, TimeUnit.SECONDS))
                    .as("ended")
                    .isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readString(printed)).contains("broken: It died", "It cannot be closed");
        } finally {
            process.destroyForcibly();
        }
    }
}
