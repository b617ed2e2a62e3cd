package io.flexmetry.processors.conversation;

import io.flexmetry.contract.explain.Explained;
import io.flexmetry.contract.explain.ExplainedFact;
import io.flexmetry.contract.explain.ExplainedFact.Change;
import io.flexmetry.contract.explain.ExplainedFact.Evidence;
import io.flexmetry.contract.explain.ExplainedFact.What;
import io.flexmetry.contract.explain.ExplainedWait;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.explain.Why;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.conversation.Authors.Recognised;
import io.flexmetry.processors.conversation.ConversationRules.CaughtUp;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Explains numbers. It decides nothing: the same rules read the same messages again, from the first one on, and a
 * {@link Transcript} records their decisions.
 */
final class ExplainRules {

    /** The most facts, and the most waits, of an explanation. */
    static final int MOST = 2_000;

    private final ConversationRules rules;
    private final MetricsConfiguration metrics;
    private final int most;

    ExplainRules(Configuration configuration) {
        this(configuration, MOST);
    }

    /**
     * Rules with another limit.
     *
     * @param most the most facts, and the most waits, of an explanation
     */
    ExplainRules(Configuration configuration, int most) {
        this.rules = new ConversationRules(configuration);
        this.metrics = configuration.metrics();
        this.most = most;
    }

    /** The explanation of a task without a conversation, or whose conversation is forgotten. */
    Explanation nothing(String taskSid, @Nullable String conversationSid) {
        Why why = conversationSid == null ? Why.NO_CONVERSATION : Why.FORGOTTEN;
        return new Explanation(
                taskSid,
                conversationSid,
                metrics.preset(),
                List.of(),
                List.of(),
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                why);
    }

    /** The numbers of a task's reservations. */
    Explanation explain(String taskSid, String conversationSid, Conversation conversation, Messages messages) {
        Transcript transcript = new Transcript(conversation, metrics, most);
        CaughtUp read = rules.catchUp(conversation, Progress.START, messages, transcript);
        Map<String, Tally> tallies = read.fold().finish();
        List<Explained> reservations = conversation.reservations().entrySet().stream()
                .filter(entry -> entry.getValue().taskSid().equals(taskSid)
                        && entry.getValue().acceptedAt() != null)
                .map(entry -> explained(
                        entry.getKey(),
                        entry.getValue(),
                        tallies.getOrDefault(entry.getKey(), Tally.NONE),
                        read,
                        transcript))
                .sorted(Comparator.comparing(Explained::acceptedAt).thenComparing(Explained::reservationSid))
                .toList();
        List<ExplainedFact> facts = facts(read, transcript);
        List<ExplainedFact> newest = newest(facts);
        return new Explanation(
                taskSid,
                conversationSid,
                metrics.preset(),
                reservations,
                newest,
                transcript.leftMessages() + facts.size() - newest.size(),
                read.progress().gaps().first(ReservationMetrics.Messages.MOST_MISSING),
                List.of(),
                List.of(),
                List.of(),
                null);
    }

    private Explained explained(
            String sid, Reservation reservation, Tally tally, CaughtUp read, Transcript transcript) {
        Why why = rules.isInternal(read) ? Why.INTERNAL : rules.isMeasured(reservation) ? null : Why.OTHER_CHANNEL;
        Map<Metric, BigDecimal> values = Map.of();
        List<ExplainedWait> waits = List.of();
        long left = 0;
        if (metrics.preset() == Preset.STANDARD) {
            values = why == null ? rules.numbers(reservation, tally, read.fold().countedWaits(sid)) : values;
            waits = transcript.waits(sid, tally);
            left = transcript.leftWaits(sid);
        } else if (why == null) {
            SeedFold fold = rules.seedFold(read, reservation);
            values = fold.values(metrics.decimals());
            List<ExplainedWait> all = fold.waits();
            waits = newest(all);
            left = (long) all.size() - waits.size();
        }
        return new Explained(
                sid,
                reservation.workerSid(),
                reservation.channel(),
                Objects.requireNonNull(reservation.acceptedAt()),
                reservation.closedAt(),
                values,
                waits,
                left,
                why);
    }

    private <T> List<T> newest(List<T> all) {
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    /** Facts of one instant are in the order in which they count: a message at the end of a window is in the window. */
    private static List<ExplainedFact> facts(CaughtUp read, Transcript transcript) {
        Conversation conversation = read.conversation();
        List<ExplainedFact> facts = new ArrayList<>(transcript.messages());
        conversation
                .participants()
                .forEach((sid, participant) -> facts.add(participant(sid, participant, read.authors())));
        conversation.reservations().forEach((sid, reservation) -> addReservation(facts, sid, reservation));
        addTasks(facts, conversation);
        facts.sort(Comparator.comparing(ExplainedFact::at)
                .thenComparing(ExplainRules::rank)
                .thenComparing(ExplainedFact::index, Comparator.nullsFirst(Comparator.naturalOrder())));
        return facts;
    }

    private static int rank(ExplainedFact fact) {
        return switch (fact.change()) {
            case TOLD, OPENED, ACCEPTED -> 0;
            case SENT, REMOVED, UNLISTED -> 1;
            case WRAPUP, ENDED -> 2;
        };
    }

    private static ExplainedFact participant(String sid, Participant participant, Authors authors) {
        String identity = participant.identityText();
        String address = ReportedValue.valueOf(participant.address());
        String who = identity == null ? address : identity;
        Recognised known = authors.recognised(who == null ? "" : who, sid);
        return fact(participant.reportedAt(), What.PARTICIPANT, Change.TOLD, who, known, sid, null);
    }

    /** A fact that is no message. */
    private static ExplainedFact fact(
            Instant at,
            What what,
            Change change,
            @Nullable String who,
            @Nullable Recognised by,
            String sid,
            @Nullable Why why) {
        return new ExplainedFact(
                at,
                what,
                change,
                who,
                by == null ? null : by.role(),
                by == null ? null : by.evidence(),
                by == null ? null : by.author().workerSid(),
                null,
                sid,
                null,
                null,
                null,
                why == null,
                why);
    }

    private static void addReservation(List<ExplainedFact> facts, String sid, Reservation reservation) {
        Instant acceptedAt = reservation.window().acceptedAt();
        Instant wrapUpAt = reservation.window().wrapUpAt();
        Instant endedAt = reservation.window().endedAt();
        Why notAccepted = acceptedAt == null ? Why.NOT_ACCEPTED : null;
        if (acceptedAt != null) {
            facts.add(reservation(sid, reservation, Change.ACCEPTED, acceptedAt, null));
        }
        if (wrapUpAt != null) {
            facts.add(reservation(sid, reservation, Change.WRAPUP, wrapUpAt, notAccepted));
        }
        if (endedAt != null) {
            Why why = notAccepted == null && wrapUpAt != null ? Why.AFTER_WRAP_UP : notAccepted;
            facts.add(reservation(sid, reservation, Change.ENDED, endedAt, why));
        }
    }

    private static ExplainedFact reservation(
            String sid, Reservation reservation, Change change, Instant at, @Nullable Why why) {
        String who = reservation.identities().stream().findFirst().orElse(null);
        Recognised agent =
                new Recognised(new Author(Author.Role.AGENT, reservation.workerSid()), Evidence.WORKER_IDENTITY);
        return fact(at, What.RESERVATION, change, who, agent, sid, why);
    }

    private static void addTasks(List<ExplainedFact> facts, Conversation conversation) {
        Set<Instant> sessionEnds = conversation.sessionEnds();
        conversation.tasks().forEach((sid, task) -> {
            facts.add(fact(task.from(), What.TASK, Change.OPENED, null, null, sid, null));
            if (task.to() != null) {
                Why why = sessionEnds.contains(task.to()) ? null : Why.ANOTHER_TASK_OPEN;
                facts.add(fact(task.to(), What.TASK, Change.ENDED, null, null, sid, why));
            }
        });
    }
}
