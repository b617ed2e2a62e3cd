package io.flexmetry.sink.attributes;

import com.twilio.exception.ApiConnectionException;
import com.twilio.exception.ApiException;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.sink.attributes.AttributeMerge.Merged;
import io.flexmetry.sink.twilio.TaskApi;
import io.flexmetry.sink.twilio.TaskApi.Versioned;
import io.flexmetry.sink.twilio.TryAgainException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a reservation's numbers to its task: read, merge, write if the version is still the one that was read.
 *
 * <p>It goes on until there is an outcome. Every try begins with reading, so that a write whose answer was lost is found
 * and not done twice.
 */
public final class AttributeWriter {

    private static final Logger LOG = LoggerFactory.getLogger(AttributeWriter.class);
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final TaskApi tasks;
    private final Backoff backoff;
    private final Sleeper sleeper;
    private final InstantSource clock;

    public AttributeWriter(TaskApi tasks, Backoff backoff, Sleeper sleeper, InstantSource clock) {
        this.tasks = tasks;
        this.backoff = backoff;
        this.sleeper = sleeper;
        this.clock = clock;
    }

    /**
     * Executes a command.
     *
     * @throws InterruptedException if it was stopped before there was an outcome
     */
    public Outcome write(WriteAttributes command) throws InterruptedException {
        int attempts = 0;
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Stopped before there was an outcome");
            }
            attempts++;
            Result result = tryOnce(command, attempts);
            if (result != null) {
                return new Outcome(
                        command.commandId(),
                        command.taskSid(),
                        command.reservationSid(),
                        clock.instant(),
                        attempts,
                        result);
            }
        }
    }

    /** The result, or nothing when it is to be tried again. */
    private @Nullable Result tryOnce(WriteAttributes command, int attempt) throws InterruptedException {
        try {
            Versioned task = tasks.fetch(command.taskSid());
            Merged merged = AttributeMerge.merge(task.attributes(), command.set(), command.clear());
            if (merged instanceof Merged.Changed changed) {
                Versioned written = tasks.update(command.taskSid(), changed.attributes(), task.etag());
                return new Result.Written(Objects.requireNonNullElse(written.etag(), ""));
            }
            return merged instanceof Merged.Refused refused
                    ? new Result.Refused(refused.reason())
                    : new Result.Unchanged(Objects.requireNonNullElse(task.etag(), ""));
        } catch (TryAgainException e) {
            pause(command, attempt, e, e.retryAfter());
            return null;
        } catch (ApiConnectionException e) {
            pause(command, attempt, e, Optional.empty());
            return null;
        } catch (ApiException e) {
            return decide(command, attempt, e);
        }
    }

    private @Nullable Result decide(WriteAttributes command, int attempt, ApiException e) throws InterruptedException {
        int status = Objects.requireNonNullElse(e.getStatusCode(), 0);
        switch (status) {
            case NOT_FOUND -> {
                return new Result.Gone();
            }
            case BAD_REQUEST -> {
                return new Result.Refused("Twilio answered " + status + " code " + e.getCode());
            }
            case PRECONDITION_FAILED -> {
                // somebody else wrote in between: read their version and merge into it, at once unless it goes on
                if (attempt > Backoff.QUICK_TRIES) {
                    pause(command, attempt, e, Optional.empty());
                }
                return null;
            }
            default -> {
                // 401, 403 and what nobody foresaw: not this task's fault, and a person may repair it
                pause(command, attempt, e, Optional.empty());
                return null;
            }
        }
    }

    private void pause(WriteAttributes command, int attempt, RuntimeException cause, Optional<Duration> told)
            throws InterruptedException {
        Duration delay = told.orElseGet(() -> backoff.delay(attempt));
        LOG.atWarn()
                .addKeyValue("taskSid", command.taskSid())
                .addKeyValue("attempt", attempt)
                .addKeyValue("delay", delay)
                .addKeyValue("error", cause.getMessage())
                .log("Will try again");
        sleeper.sleep(delay);
    }
}
