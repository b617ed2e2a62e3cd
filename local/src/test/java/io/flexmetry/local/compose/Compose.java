package io.flexmetry.local.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A project of docker compose, driven by its command line with an env file. */
final class Compose {

    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final long MINUTES = 15;

    private final String project;
    private final Path envFile;
    private final List<Path> overrides;
    private final Map<String, String> variables = new LinkedHashMap<>();

    /** The output of a command, both streams together. */
    record Output(int exitCode, String text) {
        List<String> lines() {
            return text.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    /**
     * Creates a project without starting it.
     *
     * @param envFile written here
     * @param overrides files in addition to docker-compose.yml
     */
    Compose(String project, Path envFile, Path... overrides) {
        this.project = project;
        this.envFile = envFile;
        this.overrides = List.of(overrides);
    }

    /** What is missing for these tests; empty if nothing is. */
    static String missing() {
        try {
            if (exec(List.of("docker", "compose", "version")).exitCode() != 0) {
                return "there is no docker compose";
            }
            return exec(List.of("docker", "info")).exitCode() == 0 ? "" : "no engine answers docker info";
        } catch (UncheckedIOException e) {
            return "there is no docker";
        }
    }

    /** Sets a variable in the env file. */
    Compose with(String variable, String value) {
        variables.put(variable, value);
        try {
            Files.write(
                    envFile,
                    variables.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Runs {@code docker compose …}. */
    Output run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "docker",
                "compose",
                "-p",
                project,
                "--ansi",
                "never",
                "--progress",
                "plain",
                "--env-file",
                "" + envFile));
        Stream.concat(Stream.of(CHECKOUT.resolve("docker-compose.yml")), overrides.stream())
                .forEach(file -> command.addAll(List.of("-f", file.toString())));
        command.addAll(List.of(arguments));
        return exec(command);
    }

    /** Runs it, and expects it to succeed. */
    Output must(String... arguments) {
        Output output = run(arguments);
        assertThat(output.exitCode())
                .as("docker compose %s:%n%s", String.join(" ", arguments), output.text())
                .isZero();
        return output;
    }

    /** Runs {@code docker …}, and expects it to succeed. */
    static String docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Output output = exec(command);
        assertThat(output.exitCode())
                .as("docker %s:%n%s", String.join(" ", arguments), output.text())
                .isZero();
        return output.text().strip();
    }

    /** Ids of a service's containers, including stopped ones. */
    List<String> containers(String service) {
        return must("ps", "-a", "-q", service).lines();
    }

    /** Ids of all containers of the project. */
    List<String> containers() {
        return must("ps", "-a", "-q").lines();
    }

    /** Whether this many containers of the service are running and ready. */
    boolean isReady(String service, int replicas) {
        List<String> containers = containers(service);
        return containers.size() == replicas
                && containers.stream().allMatch(container -> docker(
                                "inspect", "-f", "{{.State.Status}} {{.State.Health.Status}}", container)
                        .equals("running healthy"));
    }

    /** Runs any command with the shell. */
    static Output shell(String command) {
        return exec(List.of("sh", "-c", command));
    }

    private static Output exec(List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(CHECKOUT.toFile()).redirectErrorStream(true);
        // variables of the process would override the env file
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("FLEXMETRY_")
                        || name.startsWith("TWILIO_")
                        || name.startsWith("COMPOSE_")
                        || name.startsWith("KAFKA_")
                        || name.equals("TIMEOUT"));
        try {
            Path log = Files.createTempFile("compose", ".log");
            try {
                Process process = builder.redirectOutput(log.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .start();
                if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("Expected to end within " + MINUTES + " minutes: " + command + "\n"
                            + Files.readString(log));
                }
                return new Output(process.exitValue(), new String(Files.readAllBytes(log), UTF_8));
            } finally {
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
