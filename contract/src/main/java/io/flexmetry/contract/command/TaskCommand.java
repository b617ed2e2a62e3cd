package io.flexmetry.contract.command;

/** Something to be done to a task on behalf of one of its reservations. */
public sealed interface TaskCommand extends Command
        permits WriteAttributes, CreateLinkedTask, ChangeTask, SwitchTaskChannel {

    /** WT… that it is about: the key of the record. */
    String taskSid();

    /** WR… on whose behalf. */
    String reservationSid();

    @Override
    default String subject() {
        return taskSid();
    }
}
