package io.flexmetry.contract.event;

import java.util.Map;

/**
 * An event whose type has no record of its own (yet). Kept as received, without message text, so that a later version can read it.
 *
 * @param fields parameters as sent by Twilio
 */
public record UnrecognisedFact(Map<String, String> fields) implements Fact {}
