package io.flexmetry.processors.writeback;

import io.flexmetry.contract.outcome.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a result tells beside its name.
 *
 * @param revision version of the task
 * @param dropped keys for which there was no room
 * @param detail reason, or SID of a linked task
 */
record Settled(
        @Nullable String revision,
        List<String> dropped,
        @Nullable String detail) {

    static Settled of(Result result) {
        if (result instanceof Result.Written written) {
            return new Settled(written.revision(), written.dropped(), null);
        }
        if (result instanceof Result.Unchanged unchanged) {
            return new Settled(unchanged.revision(), unchanged.dropped(), null);
        }
        if (result instanceof Result.Late late) {
            return new Settled(late.revision(), late.dropped(), null);
        }
        if (result instanceof Result.Linked linked) {
            return new Settled(null, List.of(), linked.taskSid());
        }
        if (result instanceof Result.Refused refused) {
            return new Settled(null, List.of(), refused.reason());
        }
        if (result instanceof Result.GaveUp gaveUp) {
            return new Settled(null, List.of(), gaveUp.reason());
        }
        return new Settled(null, List.of(), null);
    }
}
