package io.flexmetry.local.twilio;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The calls of the simulated Voice Insights. */
public final class InsightsStore {

    private final Map<String, Measured> calls = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean off;

    /**
     * A measured call.
     *
     * @param type Twilio's {@code call_type}
     * @param startedAt time of the first sample; there is one every ten seconds
     * @param availableAt when the API begins to return it
     * @param durationSeconds duration of the call
     * @param scores scores of the samples
     */
    public record Measured(
            String type,
            Instant startedAt,
            Instant availableAt,
            int durationSeconds,
            List<@Nullable BigDecimal> scores) {}

    /** Adds a call. */
    public void put(String callSid, Measured call) {
        calls.put(callSid, call);
    }

    /** Sets whether the account lacks the feature. */
    public void switchOff(boolean isOff) {
        off = isOff;
    }

    /** Makes the next requests fail. */
    public void failNext(int requests) {
        failures.set(requests);
    }

    /** How many times the metrics of a call were requested. */
    public int requests(String callSid) {
        AtomicInteger times = requests.get(callSid);
        return times == null ? 0 : times.get();
    }

    /** Whether the call of the worker of a task with these attributes is available by this time. */
    public boolean isAvailableBy(String attributes, Instant by) {
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

    void countRequest(String callSid) {
        requests.computeIfAbsent(callSid, sid -> new AtomicInteger()).incrementAndGet();
    }

    /** A call, if it is available. */
    Optional<Measured> find(String callSid, Instant now) {
        return Optional.ofNullable(calls.get(callSid))
                .filter(call -> !call.availableAt().isAfter(now));
    }
}
