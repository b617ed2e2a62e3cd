package io.flexmetry.contract.event;

import org.jspecify.annotations.Nullable;

/**
 * An inactivity step was settled. Published by the processors for themselves.
 *
 * @param conversationSid CH…
 * @param stepId the step's id
 * @param subject WT… or CH… of the step's command
 * @param result name of the outcome's result
 * @param index index of the posted message; absent on other steps
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
