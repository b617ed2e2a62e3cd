package io.flexmetry.contract.event;

/**
 * Twilio has said which message of a conversation is the newest, after a reservation had closed. Processors tell it to
 * themselves, behind the messages that came with it.
 *
 * @param conversationSid CH…
 * @param reservationSid WR… that had closed
 */
public record NewestMessageFact(String conversationSid, String reservationSid) implements Fact {}
