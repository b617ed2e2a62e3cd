package io.flexmetry.ingest.beacon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.Source;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request of the beacon: {@code {token, tabId, sentAt, events: [{seq, at, kind, reservationSid, taskSid}]}}. Times are the client's, as
 * milliseconds since 1970 or ISO 8601. Its clock may be wrong, but measures durations well enough: the time of an event is our time of
 * receipt minus the event's age when it was sent.
 *
 * @param token the Flex token, if it is in the body ({@code sendBeacon} cannot set headers)
 * @param tabId id of the browser tab
 * @param sentAt time of sending, the client's clock
 * @param entries the events
 * @param clamped number of events with a time after {@code sentAt}; their age counts as zero
 */
public record FocusBeacon(@Nullable String token, String tabId, Instant sentAt, List<Entry> entries, int clamped) {

    /** Twice an hour of heartbeats. */
    static final int MOST_EVENTS = 1_000;

    /** The beacon keeps events for an hour; a laptop may sleep overnight. */
    static final Duration MOST_AGE = Duration.ofHours(24);

    private static final Duration MOST_APART = Duration.ofDays(365_000);

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(10).build())
                    .build())
            .build();
    private static final Pattern TAB = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern RESERVATION = Pattern.compile("WR[A-Za-z0-9]{1,62}");
    private static final Pattern TASK = Pattern.compile("WT[A-Za-z0-9]{1,62}");
    private static final Map<String, FocusFact.Change> CHANGES = Stream.of(FocusFact.Change.values())
            .collect(Collectors.toUnmodifiableMap(
                    change -> change.name().toLowerCase(Locale.ROOT), Function.identity()));

    /**
     * An event of the tab.
     *
     * @param sequence rises by one with each event of the tab
     * @param age time between the event and sending; never negative
     */
    record Entry(
            long sequence,
            Duration age,
            FocusFact.Change change,
            @Nullable String reservationSid,
            @Nullable String taskSid) {}

    /** @throws MalformedBeaconException if the body breaks a rule; then the whole batch is rejected */
    public static FocusBeacon parse(byte[] body) throws MalformedBeaconException {
        JsonNode root = object(body);
        String tabId = root.path("tabId").asText();
        require(TAB.matcher(tabId).matches(), "tabId to be 1 to 64 letters, digits, dots, dashes or underscores");
        Instant sentAt = instant(root, "sentAt");
        JsonNode events = root.path("events");
        require(events.isArray(), "events to be an array");
        require(events.size() <= MOST_EVENTS, "at most " + MOST_EVENTS + " events in a batch");
        List<Entry> entries = new ArrayList<>();
        int clamped = 0;
        for (JsonNode event : events) {
            entries.add(entry(event, sentAt));
            clamped += instant(event, "at").isAfter(sentAt) ? 1 : 0;
        }
        JsonNode token = root.path("token");
        return new FocusBeacon(
                token.isTextual() ? token.textValue() : null, tabId, sentAt, List.copyOf(entries), clamped);
    }

    /** The events, with the token's worker. */
    public List<Event> events(String workerSid, Instant receivedAt) {
        return entries.stream()
                .map(entry -> new Event(
                        workerSid + "/" + tabId + "/" + entry.sequence(),
                        "focus." + entry.change().name().toLowerCase(Locale.ROOT),
                        receivedAt.minus(entry.age()),
                        receivedAt,
                        Source.BEACON,
                        new FocusFact(
                                entry.change(),
                                workerSid,
                                tabId,
                                entry.sequence(),
                                entry.reservationSid(),
                                entry.taskSid(),
                                millisBetween(sentAt, receivedAt))))
                .toList();
    }

    /** The client's clock may have any value. */
    private static @Nullable Long millisBetween(Instant sentAt, Instant receivedAt) {
        Duration apart = Duration.between(sentAt, receivedAt);
        return apart.abs().compareTo(MOST_APART) > 0 ? null : (Long) apart.toMillis();
    }

    private static JsonNode object(byte[] body) throws MalformedBeaconException {
        try {
            JsonNode root = JSON.readTree(body);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (IOException e) {
            // same error as for JSON that is not an object
        }
        throw new MalformedBeaconException("Expected a JSON object");
    }

    private static Entry entry(JsonNode event, Instant sentAt) throws MalformedBeaconException {
        JsonNode sequence = event.path("seq");
        require(
                sequence.canConvertToExactIntegral() && sequence.canConvertToLong() && sequence.longValue() >= 0,
                "seq to be a whole number, zero or more");
        FocusFact.Change change = CHANGES.get(event.path("kind").asText());
        if (change == null) {
            throw new MalformedBeaconException("Expected kind to be one of "
                    + CHANGES.keySet().stream().sorted().toList());
        }
        Duration age = Duration.between(instant(event, "at"), sentAt);
        require(age.compareTo(MOST_AGE) <= 0, "at to be at most " + MOST_AGE + " before sentAt");
        String reservationSid = sid(event, "reservationSid", RESERVATION);
        require(change != FocusFact.Change.SELECT || reservationSid != null, "a select to have a reservationSid");
        return new Entry(
                sequence.longValue(),
                // the clock was set back between the event and sending
                age.isNegative() ? Duration.ZERO : age,
                change,
                reservationSid,
                sid(event, "taskSid", TASK));
    }

    private static @Nullable String sid(JsonNode event, String field, Pattern pattern) throws MalformedBeaconException {
        JsonNode sid = event.path(field);
        if (sid.isMissingNode() || sid.isNull()) {
            return null;
        }
        require(sid.isTextual() && pattern.matcher(sid.textValue()).matches(), field + " to be a SID");
        return sid.textValue();
    }

    private static Instant instant(JsonNode object, String field) throws MalformedBeaconException {
        JsonNode time = object.path(field);
        try {
            if (time.isNumber() && time.canConvertToLong()) {
                return Instant.ofEpochMilli(time.longValue());
            }
            if (time.isTextual()) {
                return Instant.parse(time.textValue());
            }
        } catch (DateTimeException e) {
            // same error as for a value of another type
        }
        throw new MalformedBeaconException(
                "Expected " + field + " to be milliseconds since 1970 or an ISO 8601 instant");
    }

    private static void require(boolean holds, String rule) throws MalformedBeaconException {
        if (!holds) {
            throw new MalformedBeaconException("Expected " + rule);
        }
    }
}
