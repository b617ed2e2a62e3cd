package io.flexmetry.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * A step that was decided about a silence has been settled. Processors tell it to themselves.
 *
 * @param conversationSid CH…
 * @param stepId the step's id
 * @param subject WT… or CH… that it was about
 * @param result name of the outcome's result
 * @param index of the message that was posted; absent on others
 * @param reason why it was refused or given up
 */
public record StepFact(
        String conversationSid,
        String stepId,
        String subject,
        String result,
        @Nullable Long index,
        @Nullable String reason)
        implements Fact {}
