package io.flexmetry.sink.task;

import com.twilio.exception.ApiException;
import com.twilio.rest.taskrouter.v1.workspace.Task;
import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.Silence;
import io.flexmetry.contract.command.SwitchTaskChannel;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.sink.conversation.SilenceCheck;
import io.flexmetry.sink.twilio.ConversationPath;
import io.flexmetry.sink.twilio.TaskApi;
import io.flexmetry.sink.twilio.TaskApi.Versioned;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes the status or channel of tasks. A task that has reached the status already, or a later one, stays as it is:
 * the change was done before. A change because of inactivity is made only if nobody has written meanwhile.
 */
public final class TaskChanger {

    /** Twilio's error code when the task's status does not allow the change. */
    private static final int WRONG_STATUS = 20001;

    private final TaskApi tasks;
    private final SilenceCheck silenceCheck;

    public TaskChanger(TaskApi tasks, SilenceCheck silenceCheck) {
        this.tasks = tasks;
        this.silenceCheck = silenceCheck;
    }

    /** One attempt. */
    public Result move(ChangeTask command) {
        Task.Status wanted = status(command, tasks.fetch(command.changedTaskSid()));
        if (wanted == null) {
            return new Result.Changed();
        }
        List<MessageFact> newMessages = newMessages(command.silence());
        if (!newMessages.isEmpty()) {
            return new Result.Overtaken(newMessages);
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

    /** One attempt. */
    public Result switchChannel(SwitchTaskChannel command) {
        Versioned task = tasks.fetch(command.taskSid());
        if (task.hasEnded()) {
            return new Result.Gone();
        }
        if (command.channel().equals(task.channel())) {
            return new Result.Changed();
        }
        List<MessageFact> newMessages = newMessages(command.silence());
        if (!newMessages.isEmpty()) {
            return new Result.Overtaken(newMessages);
        }
        tasks.switchChannel(command.taskSid(), command.channel());
        return new Result.Changed();
    }

    private List<MessageFact> newMessages(@Nullable Silence silence) {
        return silence == null
                ? List.of()
                : silenceCheck.messagesOfOthersSince(ConversationPath.of(silence), silence.lastIndex());
    }

    /**
     * The status to set; absent if there is nothing to do. A task that no agent has accepted cannot be completed, only
     * canceled.
     */
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
