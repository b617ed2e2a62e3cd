package io.flexmetry.contract.command;

/** Something to be looked up of a call. */
public sealed interface CallCommand extends Command permits ListCallMetrics {

    /** CA… that it is about: the key of the record. */
    String callSid();

    @Override
    default String subject() {
        return callSid();
    }
}
