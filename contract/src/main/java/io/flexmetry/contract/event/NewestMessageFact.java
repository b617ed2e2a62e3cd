package io.flexmetry.contract.event;

/**
 * A look-up after the end of a reservation returned the newest message of the conversation. Published by the processors for themselves,
 * behind the messages of the same look-up.
 *
 * @param conversationSid CH…
 * @param reservationSid WR… of the closed reservation
 */
public record NewestMessageFact(String conversationSid, String reservationSid) implements Fact {}
