package io.flexmetry.contract.event;

import java.util.Map;

/**
 * An event of a type that has no record of its own (yet). It is kept as it came, without message text, so that a later
 * version can still read it.
 *
 * @param fields the parameters as Twilio sent them
 */
public record UnrecognisedFact(Map<String, String> fields) implements Fact {}
