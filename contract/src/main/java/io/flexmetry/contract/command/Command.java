package io.flexmetry.contract.command;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;

/** A request to Twilio. Keyed by its subject, so that the commands for one subject stay in order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WriteAttributes.class, name = "write-attributes"),
    @JsonSubTypes.Type(value = CreateLinkedTask.class, name = "create-linked-task"),
    @JsonSubTypes.Type(value = ChangeTask.class, name = "change-task"),
    @JsonSubTypes.Type(value = SwitchTaskChannel.class, name = "switch-task-channel"),
    @JsonSubTypes.Type(value = ListMessages.class, name = "list-messages"),
    @JsonSubTypes.Type(value = PostMessage.class, name = "post-message"),
    @JsonSubTypes.Type(value = CloseConversation.class, name = "close-conversation"),
    @JsonSubTypes.Type(value = ListCallMetrics.class, name = "list-call-metrics")
})
public sealed interface Command permits TaskCommand, ConversationCommand, CallCommand {

    /** Unique id, repeated in the outcome. The same decision always has the same id. */
    String commandId();

    /** Time of the decision, our clock. */
    Instant issuedAt();

    /** SID of the task, conversation or call: the record's key. */
    String subject();
}
