package io.flexmetry.processors.focus;

import io.flexmetry.contract.explain.FocusInterval;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.MetricValue;
import io.flexmetry.contract.settings.FocusConfiguration;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.focus.FocusFold.Interval;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Computes the values of a worker's reservations, and which of them an event may change. */
final class FocusRules {

    /** Events so long before the acceptance show what was on screen at the acceptance. */
    static final Duration LOOK_BACK = Duration.ofMinutes(15);

    private static final int DECIMALS = 3;

    private final FocusConfiguration configuration;
    private final int decimals;

    FocusRules(FocusConfiguration configuration, @Nullable Integer decimals) {
        this.configuration = configuration;
        this.decimals = decimals == null ? DECIMALS : Math.min(decimals, DECIMALS);
    }

    /** Reservations whose values depend on events of that time and can still be computed. */
    Set<String> affected(FocusWorker worker, Instant at) {
        return computable(worker, window -> window.isTouchedBy(at, LOOK_BACK));
    }

    /** Closed reservations whose overlap with another reservation differs from before. */
    Set<String> affected(FocusWorker worker, FocusReservation before, FocusReservation after) {
        return computable(
                worker,
                window -> window.closedAt() != null
                        && window.published() != null
                        && !window.overlap(before, Instant.MAX).equals(window.overlap(after, Instant.MAX)));
    }

    private static Set<String> computable(FocusWorker worker, Predicate<FocusReservation> affected) {
        return worker.windows().entrySet().stream()
                .filter(entry -> affected.test(entry.getValue()) && isComputable(worker, entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    static boolean isComputable(FocusWorker worker, FocusReservation window) {
        return window.acceptedAt() != null && !start(window).isBefore(worker.keptFrom());
    }

    /** The time from which its events are needed. */
    static Instant start(FocusReservation window) {
        FocusReservation.Carried carried = window.carried();
        Instant acceptedAt = Objects.requireNonNull(window.acceptedAt());
        return carried == null ? acceptedAt : carried.until();
    }

    List<Interval> intervals(FocusWorker worker, Collection<FocusEvent> events) {
        return FocusFold.fold(events, worker.logouts(), configuration.patience(), configuration.countHidden());
    }

    /** The values of one reservation. */
    Contribution contribution(
            FocusWorker worker, String reservationSid, Collection<FocusEvent> events, List<Interval> intervals) {
        FocusReservation window = Objects.requireNonNull(worker.windows().get(reservationSid));
        FocusReservation.Carried sum = sum(window, reservationSid, intervals, window.closedAt());
        // an event near the window shows that the beacon was active
        boolean hasBeacon = sum.switches() > 0
                || events.stream().anyMatch(event -> window.isTouchedBy(event.at(), configuration.patience()));
        Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
        if (hasBeacon) {
            values.put(Metric.FOCUS_TIME, rounded(MetricValue.seconds(sum.focus())));
            values.put(Metric.FOCUS_SWITCHES, BigDecimal.valueOf(sum.switches()));
        }
        Instant closedAt = window.closedAt();
        if (closedAt != null) {
            close(worker, window, closedAt, sum, hasBeacon, values);
        }
        return new Contribution(Contribution.Feature.FOCUS, window.taskSid(), reservationSid, closedAt, values, null);
    }

    /** The end of a reservation whose events are deleted: its row becomes final with the values published last. */
    static Contribution withoutEvents(FocusReservation window, String reservationSid) {
        Map<Metric, BigDecimal> values =
                window.published() == null ? Map.of() : window.published().values();
        return new Contribution(
                Contribution.Feature.FOCUS, window.taskSid(), reservationSid, window.closedAt(), values, null);
    }

    /** The focus of a reservation until a moment. A sweep carries it over when it deletes the events. */
    static FocusReservation.Carried sum(
            FocusReservation window, String reservationSid, List<Interval> intervals, @Nullable Instant end) {
        FocusReservation.Carried before = window.carried();
        Duration focus = before == null ? Duration.ZERO : before.focus();
        int switches = before == null ? 0 : before.switches();
        for (Part part : parts(window, reservationSid, intervals, end)) {
            focus = focus.plus(part.focus);
            switches += part.switches;
        }
        return new FocusReservation.Carried(end == null ? start(window) : end, focus, switches);
    }

    /** Focus in one interval, after what is carried over. */
    private record Part(Instant from, Duration focus, int switches) {}

    private static List<Part> parts(
            FocusReservation window, String reservationSid, List<Interval> intervals, @Nullable Instant end) {
        List<Part> parts = new ArrayList<>();
        Instant start = start(window);
        for (Interval interval : intervals) {
            Duration within =
                    interval.reservationSid().equals(reservationSid) ? interval.within(start, end) : Duration.ZERO;
            if (!within.isZero()) {
                boolean isCut = interval.from().isBefore(start);
                // a sweep has counted the switch already
                boolean isContinued = isCut && window.carried() != null;
                parts.add(new Part(isCut ? start : interval.from(), within, isContinued ? 0 : 1));
            }
        }
        return parts;
    }

    /**
     * The intervals that the focus of a reservation consists of, in order.
     *
     * @param intervals of the worker
     */
    static List<FocusInterval> explain(FocusReservation window, String reservationSid, List<Interval> intervals) {
        List<FocusInterval> explained = new ArrayList<>();
        FocusReservation.Carried before = window.carried();
        if (before != null && before.switches() > 0) {
            explained.add(new FocusInterval(
                    reservationSid,
                    Objects.requireNonNull(window.acceptedAt()),
                    before.until(),
                    MetricValue.seconds(before.focus()),
                    before.switches()));
        }
        for (Part part : parts(window, reservationSid, intervals, window.closedAt())) {
            explained.add(new FocusInterval(
                    reservationSid,
                    part.from,
                    part.from.plus(part.focus),
                    MetricValue.seconds(part.focus),
                    part.switches));
        }
        return explained;
    }

    /** The time span of the events that a reservation needs. */
    Span span(FocusReservation window) {
        Instant closedAt = window.closedAt();
        // twice: the delay of the last events depends on the events after them
        Instant to = closedAt == null
                ? FocusTopology.LAST
                : closedAt.plus(configuration.patience()).plus(configuration.patience());
        return new Span(start(window).minus(LOOK_BACK), to);
    }

    /** A span of time. */
    record Span(Instant from, Instant to) {

        /** The smallest span that contains both. */
        Span with(Span other) {
            return new Span(other.from.isBefore(from) ? other.from : from, other.to.isAfter(to) ? other.to : to);
        }
    }

    private void close(
            FocusWorker worker,
            FocusReservation window,
            Instant closedAt,
            FocusReservation.Carried sum,
            boolean hasBeacon,
            Map<Metric, BigDecimal> values) {
        Duration length = window.overlap(window, closedAt);
        if (length.isZero()) {
            return;
        }
        Duration together = worker.windows().values().stream()
                .map(other -> window.overlap(other, closedAt))
                .reduce(Duration.ZERO, Duration::plus);
        values.put(Metric.CONCURRENCY, ratio(together, length));
        if (hasBeacon) {
            values.put(Metric.FOCUS_SHARE, ratio(sum.focus(), length));
        } else if (together.equals(length)) {
            values.put(Metric.ESTIMATED_FOCUS_TIME, rounded(MetricValue.seconds(length)));
        }
    }

    private BigDecimal ratio(Duration part, Duration whole) {
        return rounded(BigDecimal.valueOf(part.toMillis())
                .divide(BigDecimal.valueOf(Math.max(1, whole.toMillis())), DECIMALS, RoundingMode.HALF_UP));
    }

    private BigDecimal rounded(BigDecimal value) {
        return MetricValue.normal(value.setScale(decimals, RoundingMode.HALF_UP));
    }
}
