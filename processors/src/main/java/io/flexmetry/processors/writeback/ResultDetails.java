package io.flexmetry.processors.writeback;

import io.flexmetry.contract.outcome.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a result contains beside its label.
 *
 * @param revision version of the task
 * @param dropped keys for which there was no room
 * @param detail reason, or SID of a linked task
 */
record ResultDetails(
        @Nullable String revision,
        List<String> dropped,
        @Nullable String detail) {

    static ResultDetails of(Result result) {
        if (result instanceof Result.Written written) {
            return new ResultDetails(written.revision(), written.dropped(), null);
        }
        if (result instanceof Result.Unchanged unchanged) {
            return new ResultDetails(unchanged.revision(), unchanged.dropped(), null);
        }
        if (result instanceof Result.Late late) {
            return new ResultDetails(late.revision(), late.dropped(), null);
        }
        if (result instanceof Result.Linked linked) {
            return new ResultDetails(null, List.of(), linked.taskSid());
        }
        if (result instanceof Result.Refused refused) {
            return new ResultDetails(null, List.of(), refused.reason());
        }
        if (result instanceof Result.GaveUp gaveUp) {
            return new ResultDetails(null, List.of(), gaveUp.reason());
        }
        return new ResultDetails(null, List.of(), null);
    }
}
