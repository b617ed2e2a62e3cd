package io.flexmetry.sink.command;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.command.TaskCommand;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.outcome.MessagesOutcome;
import io.flexmetry.contract.outcome.MessagesOutcome.Found;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.sink.attributes.AttributeWriter;
import io.flexmetry.sink.conversation.MessageLister;
import io.flexmetry.sink.dispatch.Work;
import io.flexmetry.sink.dispatch.Work.Endings;
import io.flexmetry.sink.task.LinkedTasks;
import io.flexmetry.sink.task.TaskMover;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Knows who does which command, and where its outcome goes. */
public final class Execution {

    private static final Endings<Result> TASK =
            new Endings<>(Result.Gone::new, Result.Refused::new, Result.GaveUp::new);
    private static final Endings<Found> CONVERSATION =
            new Endings<>(MessagesOutcome.Gone::new, MessagesOutcome.Refused::new, MessagesOutcome.GaveUp::new);

    private final AttributeWriter writer;
    private final LinkedTasks linkedTasks;
    private final TaskMover mover;
    private final MessageLister lister;

    public Execution(AttributeWriter writer, LinkedTasks linkedTasks, TaskMover mover, MessageLister lister) {
        this.writer = writer;
        this.linkedTasks = linkedTasks;
        this.mover = mover;
        this.lister = lister;
    }

    /** Takes outcomes to Kafka. */
    interface Publisher {
        /**
         * Publishes.
         *
         * @param label name of the result
         */
        <V> void publish(Topic<String, V> topic, String key, V outcome, String label);
    }

    /**
     * The work that a command is.
     *
     * @param repeated whether another process may have begun with it
     */
    Work<?> work(Command command, Object source, boolean repeated, Publisher publisher) {
        if (command instanceof WriteAttributes write) {
            return task(write, source, write.reservationSid(), write.dueBy(), writer.attempts(write), publisher);
        }
        if (command instanceof CreateLinkedTask create) {
            Supplier<Result> attempts = linkedTasks.attempts(create, repeated);
            return task(create, source, null, create.issuedAt(), attempts, publisher);
        }
        if (command instanceof ChangeTask change) {
            Supplier<Result> attempt = () -> mover.move(change);
            return task(change, source, null, change.issuedAt(), attempt, publisher);
        }
        return messages((ListMessages) command, source, publisher);
    }

    private static Work<Result> task(
            TaskCommand command,
            Object source,
            @Nullable String group,
            @Nullable Instant dueBy,
            Supplier<Result> attempt,
            Publisher publisher) {
        String taskSid = command.taskSid();
        return new Work<>(taskSid, source, group, dueBy, attempt, TASK, settled -> {
            Result result = settled.result();
            publisher.publish(
                    Topics.TASK_OUTCOMES,
                    taskSid,
                    new Outcome(
                            command.commandId(),
                            taskSid,
                            command.reservationSid(),
                            settled.at(),
                            settled.attempts(),
                            result),
                    result.label());
        });
    }

    /** Numbers of a running conversation wait for it, those of a closed one even more; but it gives way to their writes. */
    private Work<Found> messages(ListMessages list, Object source, Publisher publisher) {
        String conversationSid = list.conversationSid();
        return new Work<>(
                conversationSid,
                source,
                null,
                null,
                () -> lister.list(list),
                CONVERSATION,
                settled -> publisher.publish(
                        Topics.CONVERSATION_OUTCOMES,
                        conversationSid,
                        new MessagesOutcome(
                                list.commandId(), conversationSid, settled.at(), settled.attempts(), settled.result()),
                        settled.result().label()));
    }
}
