package io.flexmetry.sink.task;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.twilio.exception.ApiException;
import io.flexmetry.contract.command.CreateLinkedTask;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.sink.twilio.TaskApi;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Creates virtual tasks, each once: before a retry and after a restart, it searches for a task that has the command's
 * id among its attributes.
 */
public final class LinkedTasks {

    /** The attribute by which a linked task is found again. */
    static final String KEY = "flexmetry_command";

    private final TaskApi tasks;

    public LinkedTasks(TaskApi tasks) {
        this.tasks = tasks;
    }

    /**
     * The attempts of one command.
     *
     * @param repeated whether another process may have tried before
     */
    public Supplier<Result> attempts(CreateLinkedTask command, boolean repeated) {
        return new Attempts(command, repeated);
    }

    private final class Attempts implements Supplier<Result> {
        private final CreateLinkedTask command;
        private boolean mayExist;

        private Attempts(CreateLinkedTask command, boolean repeated) {
            this.command = command;
            this.mayExist = repeated;
        }

        @Override
        public Result get() {
            Optional<String> existing = mayExist ? tasks.find(KEY, command.commandId()) : Optional.empty();
            return new Result.Linked(existing.orElseGet(this::create));
        }

        private String create() {
            mayExist = true;
            try {
                return tasks.create(command.workflowSid(), attributes(command).toString());
            } catch (ApiException e) {
                // Twilio rejected the request, so no task was created
                mayExist = false;
                throw e;
            }
        }
    }

    private static ObjectNode attributes(CreateLinkedTask command) {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        ObjectNode conversations = attributes
                .put(KEY, command.commandId())
                .putObject("conversations")
                .put("conversation_id", command.conversationId())
                .put("virtual", "Yes");
        command.texts().forEach(conversations::put);
        command.set().forEach(conversations::put);
        return attributes;
    }
}
