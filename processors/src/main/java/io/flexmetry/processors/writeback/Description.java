package io.flexmetry.processors.writeback;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.AcceptedChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who works on a reservation, and where.
 *
 * @param taskSid WT…
 * @param workerSid WK…
 * @param conversationSid CH… of a messaging task
 * @param labels of the newest event and of the newest events with a worker's name, a queue or a link; the newest first
 * @param acceptedOn the task channel
 */
record Description(
        String taskSid,
        String workerSid,
        @Nullable String conversationSid,
        @AtMost(MOST_LABELS) List<Labels> labels,
        @Nullable AcceptedChannel acceptedOn) {

    /** One for the newest event, and one for each label. */
    static final int MOST_LABELS = 4;

    private static final Comparator<Labels> NEWEST_FIRST =
            Comparator.comparing(Labels::at).thenComparing(Labels::eventId).reversed();

    /**
     * What one event contains; an event may leave each of the labels out.
     *
     * @param linkId by which Flex Insights joins the segments of a conversation
     */
    record Labels(
            Instant at,
            String eventId,
            @Nullable String workerName,
            @Nullable String queueName,
            @Nullable String linkId) {}

    static Description of(Event event, ReservationFact fact) {
        Labels labels = new Labels(
                event.occurredAt(),
                event.eventId(),
                fact.worker().name(),
                fact.task().queueName(),
                fact.task().linkId());
        return new Description(
                fact.task().taskSid(),
                fact.worker().workerSid(),
                fact.task().conversationSid(),
                List.of(labels),
                AcceptedChannel.of(event, fact));
    }

    /** With the events of another one, in any order: the worker and the conversation of a reservation never change. */
    Description merge(Description other) {
        List<Labels> all = Stream.concat(labels.stream(), other.labels.stream())
                .distinct()
                .sorted(NEWEST_FIRST)
                .toList();
        List<Labels> newest = new ArrayList<>();
        for (Labels one : all) {
            if (newest.isEmpty()
                    || isNews(newest, one, Labels::workerName)
                    || isNews(newest, one, Labels::queueName)
                    || isNews(newest, one, Labels::linkId)) {
                newest.add(one);
            }
        }
        String conversation = conversationSid == null ? other.conversationSid : conversationSid;
        AcceptedChannel channel = AcceptedChannel.best(acceptedOn, other.acceptedOn);
        return new Description(taskSid, workerSid, conversation, newest, channel);
    }

    private static boolean isNews(List<Labels> newer, Labels one, Function<Labels, @Nullable String> label) {
        return label.apply(one) != null && first(newer, label) == null;
    }

    private static @Nullable String first(List<Labels> labels, Function<Labels, @Nullable String> label) {
        for (Labels one : labels) {
            String value = label.apply(one);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** When the newest event happened. */
    Instant at() {
        return labels.get(0).at;
    }

    @Nullable
    String workerName() {
        return first(labels, Labels::workerName);
    }

    @Nullable
    String queueName() {
        return first(labels, Labels::queueName);
    }

    @Nullable
    String linkId() {
        return first(labels, Labels::linkId);
    }

    @Nullable
    String channel() {
        return acceptedOn == null ? null : acceptedOn.name();
    }
}
