package io.flexmetry.sink.task;

import com.twilio.exception.ApiException;
import com.twilio.rest.taskrouter.v1.workspace.Task;
import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.Silence;
import io.flexmetry.contract.command.SwitchTaskChannel;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.sink.conversation.Silences;
import io.flexmetry.sink.twilio.ConversationPath;
import io.flexmetry.sink.twilio.TaskApi;
import io.flexmetry.sink.twilio.TaskApi.Versioned;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Moves tasks to another status or channel. One that is there already, or beyond, is left alone: it was done before. What is
 * to be done about a silence is done only if it still lasts.
 */
public final class TaskMover {

    /** What Twilio answers when a task's status does not allow a change. */
    private static final int WRONG_STATUS = 20001;

    private final TaskApi tasks;
    private final Silences silences;

    public TaskMover(TaskApi tasks, Silences silences) {
        this.tasks = tasks;
        this.silences = silences;
    }

    /** Tries once. */
    public Result move(ChangeTask command) {
        Task.Status wanted = status(command, tasks.fetch(command.changedTaskSid()));
        if (wanted == null) {
            return new Result.Changed();
        }
        List<MessageFact> spoken = spoken(command.silence());
        if (!spoken.isEmpty()) {
            return new Result.Overtaken(spoken);
        }
        try {
            tasks.move(command.changedTaskSid(), wanted.toString().toLowerCase(Locale.ROOT), command.reason());
        } catch (ApiException e) {
            boolean overtaken = Objects.equals(e.getCode(), WRONG_STATUS)
                    && status(command, tasks.fetch(command.changedTaskSid())) == null;
            if (!overtaken) {
                throw e;
            }
        }
        return new Result.Changed();
    }

    /** Tries once. */
    public Result switchChannel(SwitchTaskChannel command) {
        Versioned task = tasks.fetch(command.taskSid());
        if (task.hasEnded()) {
            return new Result.Gone();
        }
        if (command.channel().equals(task.channel())) {
            return new Result.Changed();
        }
        List<MessageFact> spoken = spoken(command.silence());
        if (!spoken.isEmpty()) {
            return new Result.Overtaken(spoken);
        }
        tasks.switchChannel(command.taskSid(), command.channel());
        return new Result.Changed();
    }

    private List<MessageFact> spoken(@Nullable Silence silence) {
        return silence == null ? List.of() : silences.spokenSince(ConversationPath.of(silence), silence.lastIndex());
    }

    /** Where it is to go; absent when there is nothing to do. A task that nobody has accepted cannot be completed. */
    private static Task.@Nullable Status status(ChangeTask command, Versioned task) {
        boolean unaccepted = task.status() == Task.Status.PENDING || task.status() == Task.Status.RESERVED;
        if (task.hasEnded()) {
            return null;
        }
        return switch (command.status()) {
            case WRAPPING -> unaccepted || task.status() == Task.Status.WRAPPING ? null : Task.Status.WRAPPING;
            case COMPLETED -> unaccepted ? Task.Status.CANCELED : Task.Status.COMPLETED;
            case CANCELED -> Task.Status.CANCELED;
        };
    }
}
