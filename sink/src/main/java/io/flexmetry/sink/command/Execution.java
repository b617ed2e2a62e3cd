package io.flexmetry.sink.command;

import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.command.CloseConversation;
import io.flexmetry.contract.command.Command;
import io.flexmetry.contract.command.ConversationCommand;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.command.ListCallMetrics;
import io.flexmetry.contract.command.ListMessages;
import io.flexmetry.contract.command.PostMessage;
import io.flexmetry.contract.command.SwitchTaskChannel;
import io.flexmetry.contract.command.TaskCommand;
import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome.Ending;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import io.flexmetry.sink.attributes.AttributeWriter;
import io.flexmetry.sink.conversation.ConversationCloser;
import io.flexmetry.sink.conversation.MessageLister;
import io.flexmetry.sink.conversation.MessagePoster;
import io.flexmetry.sink.dispatch.Work;
import io.flexmetry.sink.dispatch.Work.Endings;
import io.flexmetry.sink.task.LinkedTasks;
import io.flexmetry.sink.task.TaskChanger;
import io.flexmetry.sink.twilio.WorkspaceCheck;
import io.flexmetry.sink.voice.CallMetricsLister;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Maps each command to the code that executes it and to the topic of its outcome. */
public final class Execution {

    private static final Endings<Result> TASK =
            new Endings<>(Result.Gone::new, Result.Refused::new, Result.GaveUp::new);
    private static final Endings<Ending> CONVERSATION = new Endings<>(
            ConversationOutcome.Gone::new, ConversationOutcome.Refused::new, ConversationOutcome.GaveUp::new);

    private static final Endings<CallOutcome.Ending> CALL =
            new Endings<>(CallOutcome.Gone::new, CallOutcome.Refused::new, CallOutcome.GaveUp::new);

    private final AttributeWriter writer;
    private final LinkedTasks linkedTasks;
    private final TaskChanger taskChanger;
    private final Conversations conversations;
    private final CallMetricsLister calls;
    private final WorkspaceCheck workspace;

    /** The executors of conversation commands. */
    public record Conversations(MessageLister lister, MessagePoster poster, ConversationCloser closer) {}

    public Execution(
            AttributeWriter writer,
            LinkedTasks linkedTasks,
            TaskChanger taskChanger,
            Conversations conversations,
            CallMetricsLister calls,
            WorkspaceCheck workspace) {
        this.writer = writer;
        this.linkedTasks = linkedTasks;
        this.taskChanger = taskChanger;
        this.conversations = conversations;
        this.calls = calls;
        this.workspace = workspace;
    }

    /** Publishes outcomes to Kafka. */
    interface Publisher {
        /**
         * Publishes an outcome.
         *
         * @param label name of the result
         */
        <V> void publish(Topic<String, V> topic, String key, V outcome, String label);
    }

    /**
     * The work of a command.
     *
     * @param repeated whether another process may have started this command before
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
            Supplier<Result> attempt = () -> taskChanger.move(change);
            return task(change, source, null, change.issuedAt(), attempt, publisher);
        }
        if (command instanceof SwitchTaskChannel change) {
            Supplier<Result> attempt = () -> taskChanger.switchChannel(change);
            return task(change, source, null, change.issuedAt(), attempt, publisher);
        }
        if (command instanceof PostMessage post) {
            return conversation(
                    post, source, post.issuedAt(), () -> conversations.poster().post(post), publisher);
        }
        if (command instanceof CloseConversation close) {
            return conversation(
                    close,
                    source,
                    close.issuedAt(),
                    () -> conversations.closer().close(close),
                    publisher);
        }
        if (command instanceof ListCallMetrics list) {
            return call(list, source, publisher);
        }
        ListMessages list = (ListMessages) command;
        // no deadline: numbers wait for look-ups, but writes of numbers go first
        return conversation(list, source, null, () -> conversations.lister().list(list), publisher);
    }

    private Work<Result> task(
            TaskCommand command,
            Object source,
            @Nullable String group,
            @Nullable Instant dueBy,
            Supplier<Result> attempt,
            Publisher publisher) {
        String taskSid = command.taskSid();
        return new Work<>(taskSid, kind(command), source, group, dueBy, workspace.guard(attempt), TASK, settled -> {
            Function<Result, Outcome> outcome = result -> new Outcome(
                    command.commandId(), taskSid, command.reservationSid(), settled.at(), settled.attempts(), result);
            Result result = OutcomeSize.fitting(Topics.TASK_OUTCOMES, outcome, settled.result(), Result.Refused::new);
            publisher.publish(Topics.TASK_OUTCOMES, taskSid, outcome.apply(result), result.label());
        });
    }

    /** The oldest request is the most urgent: all of them may wait equally long. */
    private Work<CallOutcome.Ending> call(ListCallMetrics command, Object source, Publisher publisher) {
        String callSid = command.callSid();
        return new Work<>(
                callSid,
                kind(command),
                source,
                null,
                command.issuedAt(),
                () -> calls.measure(command),
                CALL,
                settled -> {
                    Function<CallOutcome.Ending, CallOutcome> outcome = found ->
                            new CallOutcome(command.commandId(), callSid, settled.at(), settled.attempts(), found);
                    CallOutcome.Ending found = OutcomeSize.fitting(
                            Topics.CALL_OUTCOMES, outcome, settled.result(), CallOutcome.Refused::new);
                    publisher.publish(Topics.CALL_OUTCOMES, callSid, outcome.apply(found), found.label());
                });
    }

    private static String kind(Command command) {
        return command.getClass().getSimpleName();
    }

    private static Work<Ending> conversation(
            ConversationCommand command,
            Object source,
            @Nullable Instant dueBy,
            Supplier<Ending> attempt,
            Publisher publisher) {
        String conversationSid = command.conversationSid();
        return new Work<>(conversationSid, kind(command), source, null, dueBy, attempt, CONVERSATION, settled -> {
            Function<Ending, ConversationOutcome> outcome = found -> new ConversationOutcome(
                    command.commandId(), conversationSid, settled.at(), settled.attempts(), found);
            Ending found = OutcomeSize.fitting(
                    Topics.CONVERSATION_OUTCOMES, outcome, settled.result(), ConversationOutcome.Refused::new);
            publisher.publish(Topics.CONVERSATION_OUTCOMES, conversationSid, outcome.apply(found), found.label());
        });
    }
}
