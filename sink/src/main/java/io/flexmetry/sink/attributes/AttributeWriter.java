package io.flexmetry.sink.attributes;

import com.twilio.exception.ApiException;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.sink.attributes.AttributeMerge.Merged;
import io.flexmetry.sink.twilio.TaskApi;
import io.flexmetry.sink.twilio.TaskApi.Versioned;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes a reservation's numbers to its task: read, merge, write with {@code If-Match}.
 *
 * <p>Every attempt begins with a read. So it notices a write that succeeded although its response was lost.
 */
public final class AttributeWriter {

    private final TaskApi tasks;

    public AttributeWriter(TaskApi tasks) {
        this.tasks = tasks;
    }

    /** The attempts of one command. */
    public Supplier<Result> attempts(WriteAttributes command) {
        return new Attempts(command);
    }

    private final class Attempts implements Supplier<Result> {
        private final WriteAttributes command;

        /** Whether a write was sent whose result is unknown. */
        private boolean mayStand;

        /** Whether that write was too late. */
        private boolean late;

        private Attempts(WriteAttributes command) {
            this.command = command;
        }

        @Override
        public Result get() {
            Versioned task = tasks.fetch(command.taskSid());
            Merged merged = AttributeMerge.merge(task.attributes(), command.set(), command.clear(), command.texts());
            if (merged instanceof Merged.Changed changed) {
                late = command.over() || task.hasEnded();
                mayStand = true;
                return written(write(changed, task), changed.dropped());
            }
            if (merged instanceof Merged.Same same) {
                return mayStand ? written(task, same.dropped()) : new Result.Unchanged(task.revision(), same.dropped());
            }
            return new Result.Refused(((Merged.Refused) merged).reason());
        }

        private Result written(Versioned task, List<String> dropped) {
            return late ? new Result.Late(task.revision(), dropped) : new Result.Written(task.revision(), dropped);
        }

        private Versioned write(Merged.Changed changed, Versioned task) {
            try {
                return tasks.update(command.taskSid(), changed.attributes(), task.etag());
            } catch (ApiException e) {
                // Twilio rejected the write, so it did not happen
                mayStand = false;
                throw e;
            }
        }
    }
}
