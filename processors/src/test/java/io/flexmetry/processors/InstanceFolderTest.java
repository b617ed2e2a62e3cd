package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flexmetry.contract.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that start several processes cover the lock between processes. */
class InstanceFolderTest {

    @TempDir
    Path state;

    @Test
    void shouldGiveEachInstanceAFolderAndANameOfItsOwn() {
        try (InstanceFolder one = InstanceFolder.take(state);
                InstanceFolder other = InstanceFolder.take(state)) {
            assertThat(one.path()).isNotEqualTo(other.path());
            assertThat(one.instanceId()).isNotEqualTo(other.instanceId());
        }
    }

    @Test
    void shouldGiveAFreedFolderWithItsNameToTheNextOne() {
        InstanceFolder first = InstanceFolder.take(state);
        try (InstanceFolder second = InstanceFolder.take(state)) {
            first.close();
            try (InstanceFolder third = InstanceFolder.take(state)) {
                assertThat(third.path()).isEqualTo(first.path());
                assertThat(third.instanceId()).isEqualTo(first.instanceId());
                assertThat(second.path()).isNotEqualTo(third.path());
            }
        }
    }

    @Test
    void shouldMakeANewNameWhenTheFileIsEmpty() throws IOException {
        try (InstanceFolder first = InstanceFolder.take(state)) {
            Files.writeString(first.path().resolve("instance-id"), "");
        }

        try (InstanceFolder again = InstanceFolder.take(state)) {
            assertThat(again.instanceId()).isNotBlank();
        }
    }

    @Test
    void shouldNameTheStateFolderThatCannotBeUsed() throws IOException {
        Path file = Files.writeString(state.resolve("file"), "");

        assertThatThrownBy(() -> InstanceFolder.take(file))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("FLEXMETRY_STATE_DIR", file.toString());
    }
}
