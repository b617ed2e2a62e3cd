package io.flexmetry.sink.attributes;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.sink.attributes.AttributeMerge.Merged;
import io.flexmetry.sink.retry.Retry;
import io.flexmetry.sink.retry.Retry.Settled;
import io.flexmetry.sink.twilio.TaskApi;
import io.flexmetry.sink.twilio.TaskApi.Versioned;
import java.util.Objects;

/**
 * Writes a reservation's numbers to its task: read, merge, write if the version is still the one that was read.
 *
 * <p>Every try begins with reading, so that a write whose answer was lost is found and not done twice.
 */
public final class AttributeWriter {

    private final TaskApi tasks;
    private final Retry retry;

    public AttributeWriter(TaskApi tasks, Retry retry) {
        this.tasks = tasks;
        this.retry = retry;
    }

    /**
     * Executes a command.
     *
     * @throws InterruptedException if it was stopped before there was an outcome
     */
    public Outcome write(WriteAttributes command) throws InterruptedException {
        Settled<Result> settled =
                retry.untilSettled(command.taskSid(), () -> tryOnce(command), Result.Gone::new, Result.Refused::new);
        return new Outcome(
                command.commandId(),
                command.taskSid(),
                command.reservationSid(),
                settled.at(),
                settled.attempts(),
                settled.result());
    }

    private Result tryOnce(WriteAttributes command) {
        Versioned task = tasks.fetch(command.taskSid());
        Merged merged = AttributeMerge.merge(task.attributes(), command.set(), command.clear());
        if (merged instanceof Merged.Changed changed) {
            Versioned written = tasks.update(command.taskSid(), changed.attributes(), task.etag());
            return new Result.Written(Objects.requireNonNullElse(written.etag(), ""));
        }
        return merged instanceof Merged.Refused refused
                ? new Result.Refused(refused.reason())
                : new Result.Unchanged(Objects.requireNonNullElse(task.etag(), ""));
    }
}
