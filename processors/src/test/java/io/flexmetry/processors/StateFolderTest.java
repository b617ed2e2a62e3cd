package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

    @TempDir
    Path folder;

    @Test
    void shouldNameTheRemedyForADamagedStore() {
        Throwable died = StateFolder.explained(
                folder,
                new StreamsException(
                        new ProcessorStateException("Error opening store", new IOException("Corruption"))));

        assertThat(died)
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(folder.toString(), "FLEXMETRY_STATE_DIR", "Corruption", "Delete the folder");
    }

    @Test
    void shouldLeaveABugAsItIs() {
        IllegalStateException bug = new IllegalStateException("a bug");

        assertThat(StateFolder.explained(folder, bug)).isSameAs(bug);
    }

    @Test
    void shouldNameAStateFolderThatIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> StateFolder.requireUsable(file))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(file.toString(), "FLEXMETRY_STATE_DIR");
    }
}
