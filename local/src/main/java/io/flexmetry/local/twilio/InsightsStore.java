package io.flexmetry.local.twilio;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the simulated Voice Insights know. */
public final class InsightsStore {

    private final Map<String, Measured> calls = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean off;

    /**
     * A call as it was measured.
     *
     * @param type Twilio's {@code call_type}
     * @param startedAt of the first sample; there is one every ten seconds
     * @param availableAt from then on it is told
     * @param durationSeconds of the call
     * @param scores of the samples
     */
    public record Measured(
            String type,
            Instant startedAt,
            Instant availableAt,
            int durationSeconds,
            List<@Nullable BigDecimal> scores) {}

    /** A call ends up like that. */
    public void put(String callSid, Measured call) {
        calls.put(callSid, call);
    }

    /** The account does not have the feature. */
    public void switchOff(boolean isOff) {
        off = isOff;
    }

    /** So many requests go wrong from now on. */
    public void failNext(int requests) {
        failures.set(requests);
    }

    /** How often it was asked for the metrics of a call. */
    public int asked(String callSid) {
        AtomicInteger times = asked.get(callSid);
        return times == null ? 0 : times.get();
    }

    /** Whether the call of the worker of a task with those attributes is told by then. */
    public boolean isTold(String attributes, Instant by) {
        return calls.entrySet().stream()
                .anyMatch(call -> attributes.contains("\"worker\":\"" + call.getKey() + "\"")
                        && call.getValue().availableAt().isBefore(by));
    }

    boolean isOff() {
        return off;
    }

    boolean fails() {
        return failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    void wasAsked(String callSid) {
        asked.computeIfAbsent(callSid, sid -> new AtomicInteger()).incrementAndGet();
    }

    /** A call, when it may be told. */
    Optional<Measured> find(String callSid, Instant now) {
        return Optional.ofNullable(calls.get(callSid))
                .filter(call -> !call.availableAt().isAfter(now));
    }
}
