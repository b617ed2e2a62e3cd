package io.flexmetry.contract.event;

/**
 * Somebody who writes in a conversation turned out to be a worker. Processors tell it to themselves, because workers are
 * known by other events than those of the conversation.
 *
 * @param conversationSid CH…
 * @param identity decoded chat identity
 * @param workerSid WK…
 */
public record AuthorFact(String conversationSid, String identity, String workerSid) implements Fact {}
