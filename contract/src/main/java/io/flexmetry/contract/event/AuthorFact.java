package io.flexmetry.contract.event;

/**
 * An author of a conversation is a worker. Published by the processors for themselves, because workers are known from other events than
 * those of the conversation.
 *
 * @param conversationSid CH…
 * @param identity decoded chat identity
 * @param workerSid WK…
 */
public record AuthorFact(String conversationSid, String identity, String workerSid) implements Fact {}
