package io.flexmetry.contract.command;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Something to be done in Twilio. Keyed by the task that it changes, so that one task's commands stay in order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes(@JsonSubTypes.Type(value = WriteAttributes.class, name = "write-attributes"))
public sealed interface Command permits WriteAttributes {

    /** Identity of the command; its outcome names it. The same decision always has the same id. */
    String commandId();

    /** WT…: the key of the record. */
    String taskSid();
}
