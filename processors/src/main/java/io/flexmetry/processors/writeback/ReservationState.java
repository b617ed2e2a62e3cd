package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.AcceptedChannel;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.cases.ReservationWindow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a reservation.
 *
 * @param described who and where; absent until an event told it
 * @param window in which it is its agent's
 * @param contributions numbers by feature
 * @param outcome of the last write
 * @param said the final numbers as it was commanded last to write them; absent until then
 * @param underWay numbers by the writes that are not settled, the oldest first; none of those that came too late to begin with
 * @param inTime numbers that stood on the task before the reservation had ended
 * @param closedBy why Flexmetry ended it, if it did
 */
record ReservationState(
        @Nullable Description described,
        ReservationWindow window,
        Map<Contribution.Feature, Contribution> contributions,
        @Nullable Outcome outcome,

        @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY) @Nullable
        Map<String, BigDecimal> said,

        @AtMost(value = MOST_UNDER_WAY, key = Limits.MOST_TEXT)
        Map<String, Map<String, BigDecimal>> underWay,

        @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
        Map<String, BigDecimal> inTime,

        @Nullable String closedBy) {

    /**
     * The most writes of which it is not known yet what became of them. Of an older one it is never known then whether its
     * numbers stood on the task in time.
     */
    static final int MOST_UNDER_WAY = 4;

    static final ReservationState NEW =
            new ReservationState(null, ReservationWindow.UNKNOWN, Map.of(), null, null, Map.of(), Map.of(), null);

    /**
     * Who and where, as far as events told it.
     *
     * @param toldAt when the newest of them was
     */
    record Description(
            Instant toldAt,
            String taskSid,
            String workerSid,
            @Nullable String conversationSid,
            @Nullable ReportedValue workerName,
            @Nullable ReportedValue queueName,
            @Nullable ReportedValue linkId,
            @Nullable AcceptedChannel acceptedOn) {

        /** Order and repetition of events do not matter: who works on it, and what its task is about, never change. */
        private static Description learn(@Nullable Description known, Event event, ReservationFact fact) {
            Description told = new Description(
                    event.occurredAt(),
                    fact.task().taskSid(),
                    fact.worker().workerSid(),
                    fact.task().conversationSid(),
                    ReportedValue.ofNullable(event, fact.worker().name()),
                    ReportedValue.ofNullable(event, fact.task().queueName()),
                    ReportedValue.ofNullable(event, fact.task().linkId()),
                    AcceptedChannel.of(event, fact));
            return known == null
                    ? told
                    : new Description(
                            told.toldAt.isAfter(known.toldAt) ? told.toldAt : known.toldAt,
                            known.taskSid,
                            known.workerSid,
                            known.conversationSid == null ? told.conversationSid : known.conversationSid,
                            ReportedValue.newest(known.workerName, told.workerName),
                            ReportedValue.newest(known.queueName, told.queueName),
                            ReportedValue.newest(known.linkId, told.linkId),
                            AcceptedChannel.best(known.acceptedOn, told.acceptedOn));
        }

        @Nullable
        String channel() {
            return acceptedOn == null ? null : acceptedOn.name();
        }
    }

    /** Order and repetition of events do not matter. */
    ReservationState learn(Event event, ReservationFact fact) {
        Instant at = event.occurredAt();
        return new ReservationState(
                Description.learn(described, event, fact),
                window.learn(fact.change(), at),
                contributions,
                outcome,
                said,
                underWay,
                inTime,
                closedBy);
    }

    ReservationState learn(Contribution contribution) {
        Contribution known = contributions.get(contribution.feature());
        if (known != null && contribution.order() < known.order()) {
            return this;
        }
        Map<Contribution.Feature, Contribution> all = new TreeMap<>(contributions);
        all.put(contribution.feature(), contribution);
        return new ReservationState(described, window, all, outcome, said, underWay, inTime, closedBy);
    }

    /** The newest outcome counts; a repeated command that finds its own work done does not hide who did it. */
    ReservationState learn(Outcome settled) {
        if (settled.result() instanceof Result.Changed) {
            // of a task that is linked, whose SID is known already
            return this;
        }
        ReservationState after = settle(settled);
        boolean repeated = outcome != null
                && outcome.commandId().equals(settled.commandId())
                && outcome.result() instanceof Result.Written;
        boolean older = outcome != null && outcome.at().isAfter(settled.at());
        return repeated || older
                ? after
                : new ReservationState(
                        described, window, contributions, settled, said, after.underWay, after.inTime, closedBy);
    }

    /** A write is not under way any more; that its numbers stand on the task is known if it was not late. */
    private ReservationState settle(Outcome settled) {
        Map<String, BigDecimal> numbers = underWay.get(settled.commandId());
        if (numbers == null) {
            return this;
        }
        Map<String, Map<String, BigDecimal>> others = new LinkedHashMap<>(underWay);
        others.remove(settled.commandId());
        boolean stand = settled.result() instanceof Result.Written || settled.result() instanceof Result.Unchanged;
        return new ReservationState(
                described,
                window,
                contributions,
                outcome,
                said,
                others,
                stand && !numbers.isEmpty() ? numbers : inTime,
                closedBy);
    }

    /** That write was commanded. One of a reservation that has ended is late whatever comes of it. */
    ReservationState commanded(WriteAttributes command) {
        Map<String, Map<String, BigDecimal>> all = new LinkedHashMap<>(underWay);
        all.put(command.commandId(), command.over() ? Map.of() : command.set());
        while (all.size() > MOST_UNDER_WAY) {
            all.remove(all.keySet().iterator().next());
        }
        return new ReservationState(
                described,
                window,
                contributions,
                outcome,
                command.dueBy() == null ? said : command.set(),
                all,
                inTime,
                closedBy);
    }

    /** When something was told of it last. */
    Instant toldAt() {
        return described == null ? Instant.EPOCH : described.toldAt();
    }

    ReservationState closedBy(String reason) {
        return new ReservationState(
                described,
                window,
                contributions,
                outcome,
                said,
                underWay,
                inTime,
                closedBy == null ? reason : closedBy);
    }

    /** Its final numbers were not even written. */
    ReservationState passedOver(Map<String, BigDecimal> numbers) {
        return new ReservationState(described, window, contributions, outcome, numbers, underWay, inTime, closedBy);
    }

    /** Its final numbers stand on the task, or were given up, since before this state began. */
    ReservationState found(Map<String, BigDecimal> numbers) {
        return new ReservationState(described, window, contributions, outcome, numbers, underWay, numbers, closedBy);
    }

    /** By which Flex Insights joins its segments, if the task says so. */
    Optional<String> linkId() {
        return Optional.ofNullable(described == null ? null : ReportedValue.valueOf(described.linkId()));
    }

    /** Whether a feature has told its numbers up to the end. */
    boolean isComplete(Contribution.Feature feature) {
        Contribution contribution = contributions.get(feature);
        return contribution != null && Objects.equals(contribution.until(), closedAt());
    }

    /** Whether the agent works on it. */
    boolean isOpen() {
        return window.isOpen();
    }

    @Nullable
    Instant acceptedAt() {
        return window.acceptedAt();
    }

    @Nullable
    Instant wrapUpAt() {
        return window.wrapUpAt();
    }

    @Nullable
    Instant endedAt() {
        return window.endedAt();
    }

    @Nullable
    Instant closedAt() {
        return window.closedAt();
    }

    /** Message metrics have counts at least; without any the chat is an internal one, of which nothing is measured. */
    Map<Metric, BigDecimal> values() {
        Contribution messages = contributions.get(Contribution.Feature.CONVERSATION);
        if (messages != null && messages.values().isEmpty()) {
            return Map.of();
        }
        Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
        contributions.values().forEach(contribution -> values.putAll(contribution.values()));
        return values;
    }
}
