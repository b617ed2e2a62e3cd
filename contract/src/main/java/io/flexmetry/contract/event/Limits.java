package io.flexmetry.contract.event;

import java.time.Duration;
import java.time.Instant;

/**
 * Limits for events from outside. Ingest enforces them, so that the size of state and records derived from facts has an upper bound.
 * An event that exceeds a limit becomes a dead letter whose reason names the field. Lengths are UTF-16 code units; each takes at most six
 * bytes in JSON.
 *
 * <p>The limit of a whole record is {@link io.flexmetry.contract.topic.Topics#MOST_EVENT_BYTES}.
 */
public final class Limits {

    /**
     * The longest SID or other id from Twilio: {@value}. Twilio's SIDs have 34 characters. Only printable ASCII without quotes and
     * backslashes is accepted, so a SID takes one byte per character in JSON.
     */
    public static final int MOST_SID = 64;

    /** The longest event type or resource state: {@value}. Twilio's longest has about 60. */
    public static final int MOST_TYPE = 128;

    /** The longest {@link Event#eventId()}: {@value}. It consists of at most two SIDs, a type, a time and a number. */
    public static final int MOST_EVENT_ID = 512;

    /** The longest identity, address, name of a queue, worker or workflow, and any other text: {@value}. */
    public static final int MOST_TEXT = 512;

    /** The longest message text that is kept: {@value}. Twilio accepts 1,600 characters, Programmable Chat accepted 32 KB. */
    public static final int MOST_BODY = 32_768;

    /** The most attributes of a resource whose names or values are kept: {@value}. The rest is dropped and counted. */
    public static final int MOST_ATTRIBUTES = 64;

    /** The longest attribute name: {@value}. Attributes with longer names are dropped and counted. */
    public static final int MOST_ATTRIBUTE_NAME = 128;

    /** The longest key under which a number is written to a task: {@value}. A task's attributes have at most 4,096 characters. */
    public static final int MOST_KEY = 128;

    /** The most keys that are written to a task: one for each metric, and one for the sample's label: {@value}. */
    public static final int MOST_KEYS = 40;

    /** The most messages that one command looks up, because its outcome is one record: {@value}. */
    public static final int MOST_LISTED = 1_000;

    /** The most messages that can overtake a step: {@value}. The sink reads no more. */
    public static final int MOST_OVERTAKING = 20;

    /** The most samples of a call: {@value}. Twilio takes one every ten seconds, and a call lasts at most a day. */
    public static final int MOST_SAMPLES = 10_000;

    /** The earliest plausible time of a fact: before Flex existed. */
    public static final Instant EARLIEST = Instant.parse("2010-01-01T00:00:00Z");

    /** How far the time of a fact may be ahead of our clock. */
    public static final Duration MOST_AHEAD = Duration.ofDays(1);

    private Limits() {}

    /** The text, cut to {@link #MOST_TEXT} if it is longer. */
    public static String cut(String text) {
        return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT - 1) + "…";
    }

    /** Whether a time lies between {@link #EARLIEST} and {@link #MOST_AHEAD} after now. */
    public static boolean isPlausible(Instant at, Instant now) {
        return !at.isBefore(EARLIEST) && !at.isAfter(now.plus(MOST_AHEAD));
    }

    /** Whether the text is a SID or another id from Twilio: see {@link #MOST_SID}. */
    public static boolean isSid(String text) {
        return !text.isEmpty()
                && text.length() <= MOST_SID
                && text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\');
    }
}
