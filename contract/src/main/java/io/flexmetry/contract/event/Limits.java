package io.flexmetry.contract.event;

import java.time.Duration;
import java.time.Instant;

/**
 * The bounds of what an event from outside may say. Ingest enforces them, so that state and records that processors build
 * from facts have a provable bound. What exceeds one becomes a dead letter whose reason names the field. Lengths are UTF-16
 * code units; JSON makes at most six bytes of one.
 *
 * <p>The bound of a whole record is {@link io.flexmetry.contract.topic.Topics#MOST_EVENT_BYTES}.
 */
public final class Limits {

    /**
     * The longest SID, or id that Twilio gives: {@value}. Twilio's SIDs have 34 characters. Only printable ASCII without
     * quotes and backslashes is taken, so a SID is as many bytes in JSON.
     */
    public static final int MOST_SID = 64;

    /** The longest name of an event's type or of a resource's state: {@value}. Twilio's longest has about 60. */
    public static final int MOST_TYPE = 128;

    /** The longest {@link Event#eventId()}: {@value}. It is made of at most two SIDs, a type, a time and a number. */
    public static final int MOST_EVENT_ID = 512;

    /** The longest identity, address, name of a queue, worker or workflow, and any other text: {@value}. */
    public static final int MOST_TEXT = 512;

    /** The longest text of a message that is kept: {@value}. Twilio takes 1,600 characters, Programmable Chat took 32 KB. */
    public static final int MOST_BODY = 32_768;

    /** The most attributes of one resource of which names or values are kept: {@value}. The rest is left out and counted. */
    public static final int MOST_ATTRIBUTES = 64;

    /** The longest name of an attribute: {@value}. An attribute with a longer one is left out and counted. */
    public static final int MOST_ATTRIBUTE_NAME = 128;

    /** The longest key under which a number is written to a task: {@value}. A task's attributes have 4,096 characters in all. */
    public static final int MOST_KEY = 128;

    /** The most keys that are written to a task: each metric has one, and the sample's label another: {@value}. */
    public static final int MOST_KEYS = 40;

    /** The most messages that Twilio is asked for by one command, because its outcome is one record: {@value}. */
    public static final int MOST_LISTED = 1_000;

    /** The most messages by which a step can be overtaken: {@value}. The sink looks at no more. */
    public static final int MOST_OVERTAKING = 20;

    /** The most samples of a call: {@value}. Twilio takes one every ten seconds, and a call lasts a day at most. */
    public static final int MOST_SAMPLES = 10_000;

    /** The earliest time that a fact may have: Flex and everything that it reports on is younger. */
    public static final Instant EARLIEST = Instant.parse("2010-01-01T00:00:00Z");

    /** How far a fact's time may be ahead of our clock. */
    public static final Duration MOST_AHEAD = Duration.ofDays(1);

    private Limits() {}

    /** The same text, cut to {@link #MOST_TEXT} where it is longer. */
    public static String cut(String text) {
        return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT - 1) + "…";
    }

    /** Whether something can have happened at that time: from {@link #EARLIEST} to {@link #MOST_AHEAD} after now. */
    public static boolean isPlausible(Instant at, Instant now) {
        return !at.isBefore(EARLIEST) && !at.isAfter(now.plus(MOST_AHEAD));
    }

    /** Whether it is a SID or another id as Twilio gives them: see {@link #MOST_SID}. */
    public static boolean isSid(String text) {
        return !text.isEmpty()
                && text.length() <= MOST_SID
                && text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\');
    }
}
