package io.flexmetry.processors.writeback;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import io.flexmetry.contract.metric.ReservationMetrics.WriteBack;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.Contribution.Feature;
import io.flexmetry.processors.cases.ReservationWindow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From what the row of a reservation is computed. The order and the repetition of events and contributions do not matter.
 *
 * @param description absent until the first event
 * @param window in which the reservation is its agent's
 * @param numbers of each feature
 * @param outcome of the newest write; absent until one is settled
 * @param closedBy why Flexmetry ended the reservation; absent if it did not
 */
record RowFacts(
        @Nullable Description description,
        ReservationWindow window,
        Map<Feature, Numbers> numbers,
        @Nullable Settled outcome,
        @Nullable String closedBy) {

    static final RowFacts NONE = new RowFacts(null, ReservationWindow.UNKNOWN, Map.of(), null, null);

    /** A {@link Contribution} without what its place in the state already contains. */
    record Numbers(
            @Nullable Instant until,
            Map<Metric, BigDecimal> values,
            ReservationMetrics.@Nullable Messages messages,
            ReservationMetrics.@Nullable Voice voice,
            int order) {

        static final Numbers NONE = new Numbers(null, Map.of(), null, null, 0);

        static Numbers of(Contribution from) {
            return new Numbers(from.until(), from.values(), from.messages(), from.voice(), from.order());
        }
    }

    /** An {@link Outcome} without what the row does not need. */
    record Settled(String commandId, Instant at, Result result) {}

    RowFacts learn(Event event, ReservationFact fact) {
        Description newer = Description.of(event, fact);
        Description merged = description == null ? newer : description.merge(newer);
        return new RowFacts(merged, window.learn(fact.change(), event.occurredAt()), numbers, outcome, closedBy);
    }

    /** A contribution without any content is not kept as the first one: it changes no row. */
    RowFacts learn(Contribution contribution) {
        Numbers newest = Numbers.of(contribution);
        Numbers known = numbers.getOrDefault(contribution.feature(), Numbers.NONE);
        if (newest.equals(known) || newest.order < known.order) {
            return this;
        }
        Map<Feature, Numbers> all = new TreeMap<>(numbers);
        all.put(contribution.feature(), newest);
        return new RowFacts(description, window, all, outcome, closedBy);
    }

    /** The newest outcome counts. A repeated command that finds its own write done does not replace {@code written}. */
    RowFacts learn(Outcome settled) {
        boolean isRepeated = outcome != null
                && outcome.commandId.equals(settled.commandId())
                && outcome.result instanceof Result.Written;
        boolean isOlder = outcome != null && outcome.at.isAfter(settled.at());
        if (isRepeated || isOlder) {
            return this;
        }
        Settled newest = new Settled(settled.commandId(), settled.at(), settled.result());
        return new RowFacts(description, window, numbers, newest, closedBy);
    }

    /** What the task's own case knew before the task's conversation was known. */
    RowFacts withoutConversation() {
        Map<Feature, Numbers> others = new TreeMap<>(numbers);
        others.keySet().removeAll(Set.of(Feature.CONVERSATION, Feature.INACTIVITY));
        return new RowFacts(description, window, others, outcome, closedBy);
    }

    RowFacts withClosedBy(String reason) {
        return closedBy == null ? new RowFacts(description, window, numbers, outcome, reason) : this;
    }

    /** Whether a feature has contributed its numbers up to the end. */
    boolean isComplete(Feature feature) {
        Numbers known = numbers.get(feature);
        return known != null && Objects.equals(known.until, window.closedAt());
    }

    /** Whether the outcome is newer than before and has the same result. */
    boolean repeatsResult(RowFacts before) {
        return outcome != null
                && before.outcome != null
                && !outcome.equals(before.outcome)
                && outcome.result.label().equals(before.outcome.result.label());
    }

    /**
     * The row; none before the acceptance.
     *
     * @param revision of the row
     * @param chatChannels task channels whose tasks get message metrics
     */
    @Nullable
    ReservationMetrics row(String reservationSid, int revision, Set<String> chatChannels) {
        if (description == null || window.acceptedAt() == null) {
            return null;
        }
        Numbers messages = numbers.getOrDefault(Feature.CONVERSATION, Numbers.NONE);
        return new ReservationMetrics(
                reservationSid,
                description.taskSid(),
                revision,
                isFinal(description, chatChannels) ? State.FINAL : State.RUNNING,
                description.workerSid(),
                description.workerName(),
                description.channel(),
                description.queueName(),
                description.conversationSid(),
                window.acceptedAt(),
                window.wrapUpAt(),
                window.endedAt(),
                values(),
                messages.messages,
                outcome == null ? null : writeBack(outcome),
                closedBy,
                numbers.getOrDefault(Feature.VOICE, Numbers.NONE).voice);
    }

    /** The reservation is closed, and all features have contributed their numbers up to the end. */
    private boolean isFinal(Description known, Set<String> chatChannels) {
        boolean isMessaging =
                known.conversationSid() != null && known.channel() != null && chatChannels.contains(known.channel());
        return window.closedAt() != null
                && isComplete(Feature.FOCUS)
                && (!isMessaging || isComplete(Feature.CONVERSATION));
    }

    /** Message metrics always contain counts. Without any the chat is an internal one, which is not measured. */
    private Map<Metric, BigDecimal> values() {
        Numbers messages = numbers.get(Feature.CONVERSATION);
        if (messages != null && messages.values.isEmpty()) {
            return Map.of();
        }
        Map<Metric, BigDecimal> values = new EnumMap<>(Metric.class);
        numbers.values().forEach(one -> values.putAll(one.values));
        return values;
    }

    private static WriteBack writeBack(Settled outcome) {
        ResultDetails details = ResultDetails.of(outcome.result);
        return new WriteBack(
                outcome.result.label(), outcome.at, details.revision() == null ? details.detail() : details.revision());
    }
}
