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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the numbers of a worker's reservations are, and whose may have changed. */
final class FocusRules {

    /** Events so long before a reservation's acceptance tell what was on screen when it was accepted. */
    static final Duration LOOK_BACK = Duration.ofMinutes(15);

    private static final int DECIMALS = 3;

    private final FocusConfiguration configuration;
    private final int decimals;

    FocusRules(FocusConfiguration configuration, @Nullable Integer decimals) {
        this.configuration = configuration;
        this.decimals = decimals == null ? DECIMALS : Math.min(decimals, DECIMALS);
    }

    /** Reservations whose numbers depend on what happened at that moment and can still be computed. */
    Set<String> touched(Worker worker, Instant at) {
        return worker.windows().entrySet().stream()
                .filter(entry -> entry.getValue().isTouchedBy(at, LOOK_BACK) && isComputable(worker, entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Reservations whose numbers depend on another reservation. */
    Set<String> besides(Worker worker, FocusReservation changed) {
        return worker.windows().entrySet().stream()
                .filter(entry -> entry.getValue().closedAt() != null
                        && isComputable(worker, entry.getValue())
                        && entry.getValue().told() != null
                        && !entry.getValue().overlap(changed, Instant.MAX).isZero())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    static boolean isComputable(Worker worker, FocusReservation window) {
        return window.acceptedAt() != null && !start(window).isBefore(worker.keptFrom());
    }

    /** From where on its events are needed. */
    static Instant start(FocusReservation window) {
        FocusReservation.Carried carried = window.carried();
        Instant acceptedAt = Objects.requireNonNull(window.acceptedAt());
        return carried == null ? acceptedAt : carried.until();
    }

    List<Interval> intervals(Worker worker, Collection<FocusEvent> events) {
        return FocusFold.fold(events, worker.logouts(), configuration.patience(), configuration.countHidden());
    }

    /** The numbers of one reservation. */
    Contribution contribution(
            Worker worker, String reservationSid, Collection<FocusEvent> events, List<Interval> intervals) {
        FocusReservation window = Objects.requireNonNull(worker.windows().get(reservationSid));
        FocusReservation.Carried sum = sum(window, reservationSid, intervals, window.closedAt());
        boolean seen = sum.switches() > 0 || events.stream().anyMatch(event -> isSign(window, event));
        Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
        if (seen) {
            values.put(Metric.FOCUS_TIME, rounded(MetricValue.seconds(sum.focus())));
            values.put(Metric.FOCUS_SWITCHES, BigDecimal.valueOf(sum.switches()));
        }
        Instant closedAt = window.closedAt();
        if (closedAt != null) {
            close(worker, window, closedAt, sum, seen, values);
        }
        return new Contribution(Contribution.Feature.FOCUS, window.taskSid(), reservationSid, closedAt, values, null);
    }

    /** What was looked at a reservation until a moment: of it is carried on what will not be kept. */
    static FocusReservation.Carried sum(
            FocusReservation window, String reservationSid, List<Interval> intervals, @Nullable Instant end) {
        FocusReservation.Carried before = window.carried();
        Instant from = start(window);
        Duration focus = before == null ? Duration.ZERO : before.focus();
        int switches = before == null ? 0 : before.switches();
        for (Interval interval : intervals) {
            Duration within =
                    interval.reservationSid().equals(reservationSid) ? interval.within(from, end) : Duration.ZERO;
            if (!within.isZero()) {
                focus = focus.plus(within);
                // one that was under way when the facts before were forgotten was counted then
                boolean goesOn = before != null && interval.from().isBefore(before.until());
                switches += goesOn ? 0 : 1;
            }
        }
        return new FocusReservation.Carried(end == null ? from : end, focus, switches);
    }

    /**
     * What its focus is made of, in order: the same sum, taken apart.
     *
     * @param intervals of the worker
     */
    static List<FocusInterval> explain(FocusReservation window, String reservationSid, List<Interval> intervals) {
        List<FocusInterval> looks = new ArrayList<>();
        FocusReservation.Carried before = window.carried();
        Instant start = start(window);
        if (before != null && before.switches() > 0) {
            looks.add(new FocusInterval(
                    reservationSid,
                    Objects.requireNonNull(window.acceptedAt()),
                    before.until(),
                    MetricValue.seconds(before.focus()),
                    before.switches()));
        }
        for (Interval interval : intervals) {
            FocusReservation.Carried one = sum(window, reservationSid, List.of(interval), window.closedAt());
            Duration within = before == null ? one.focus() : one.focus().minus(before.focus());
            if (!within.isZero()) {
                Instant from = interval.from().isAfter(start) ? interval.from() : start;
                looks.add(new FocusInterval(
                        reservationSid,
                        from,
                        from.plus(within),
                        MetricValue.seconds(within),
                        before == null ? one.switches() : one.switches() - before.switches()));
            }
        }
        return looks;
    }

    /** The events that matter to a reservation: from when, and until when. */
    Span span(FocusReservation window) {
        Instant closedAt = window.closedAt();
        // what decides how late the last ones were is read as well
        Instant to = closedAt == null
                ? FocusTopology.LAST
                : closedAt.plus(configuration.patience()).plus(configuration.patience());
        return new Span(start(window).minus(LOOK_BACK), to);
    }

    /** A span of time. */
    record Span(Instant from, Instant to) {

        /** Both, and what is between them. */
        Span with(Span other) {
            return new Span(other.from.isBefore(from) ? other.from : from, other.to.isAfter(to) ? other.to : to);
        }
    }

    private void close(
            Worker worker,
            FocusReservation window,
            Instant closedAt,
            FocusReservation.Carried sum,
            boolean seen,
            Map<Metric, BigDecimal> values) {
        Duration length = window.overlap(window, closedAt);
        if (length.isZero()) {
            return;
        }
        Duration together = worker.windows().values().stream()
                .map(other -> window.overlap(other, closedAt))
                .reduce(Duration.ZERO, Duration::plus);
        values.put(Metric.CONCURRENCY, ratio(together, length));
        if (seen) {
            values.put(Metric.FOCUS_SHARE, ratio(sum.focus(), length));
        } else if (together.equals(length)) {
            values.put(Metric.ESTIMATED_FOCUS_TIME, rounded(MetricValue.seconds(length)));
        }
    }

    /** Whether the worker's beacon was heard while the reservation was open. */
    private boolean isSign(FocusReservation window, FocusEvent event) {
        return window.isTouchedBy(event.at(), configuration.patience());
    }

    private BigDecimal ratio(Duration part, Duration whole) {
        return rounded(BigDecimal.valueOf(part.toMillis())
                .divide(BigDecimal.valueOf(Math.max(1, whole.toMillis())), DECIMALS, RoundingMode.HALF_UP));
    }

    private BigDecimal rounded(BigDecimal value) {
        return MetricValue.normal(value.setScale(decimals, RoundingMode.HALF_UP));
    }
}
