package io.flexmetry.contract.command;

/** A command for a task, on behalf of one of its reservations. */
public sealed interface TaskCommand extends Command
        permits WriteAttributes, CreateLinkedTask, ChangeTask, SwitchTaskChannel {

    /** WT…, the record's key. */
    String taskSid();

    /** WR… of the reservation. */
    String reservationSid();

    @Override
    default String subject() {
        return taskSid();
    }
}
