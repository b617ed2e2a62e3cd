package io.flexmetry.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration for the sample day, if no other one is given. */
final class SampleDayPolicy {

    private static final String YAML = """
            targets:
              firstResponse: { within: PT30S, share: 0.8 }
              response: { within: PT1M }
              waiting: { within: PT1M }
            inactivity:
              - name: web chat
                match: { queue: [Web chat] }
                steps:
                  - { after: PT20M, do: warn, text: "Are you still there?" }
                  - { after: PT40M, do: wrap-up }
            """;

    private SampleDayPolicy() {}

    /** Writes the file and returns its path. */
    static Path writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        return Files.writeString(folder.resolve("sample-day.yaml"), YAML);
    }
}
