package io.flexmetry.contract.command;

/** A look-up about a call. */
public sealed interface CallCommand extends Command permits ListCallMetrics {

    /** CA…, the record's key. */
    String callSid();

    @Override
    default String subject() {
        return callSid();
    }
}
