package io.flexmetry.processors.conversation;

import io.flexmetry.contract.explain.Explained;
import io.flexmetry.contract.explain.ExplainedFact;
import io.flexmetry.contract.explain.ExplainedFact.Change;
import io.flexmetry.contract.explain.ExplainedFact.Evidence;
import io.flexmetry.contract.explain.ExplainedFact.What;
import io.flexmetry.contract.explain.ExplainedWait;
import io.flexmetry.contract.explain.ExplainedWait.Kind;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.explain.Why;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import io.flexmetry.processors.cases.ReportedValue;
import io.flexmetry.processors.conversation.ConversationRules.CaughtUp;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Stream;
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
    Explanation explain(
            String taskSid,
            String conversationSid,
            Conversation conversation,
            LongFunction<Stream<Message>> messagesFrom) {
        Authors authors = rules.authors(conversation);
        Transcript transcript = new Transcript(conversation, authors, metrics.responseFrom(), most);
        CaughtUp read = rules.catchUp(conversation, authors, Progress.START, messagesFrom, transcript);
        Map<String, Tally> tallies = read.fold().finish();
        boolean internal = rules.isInternal(read);
        List<Explained> reservations = conversation.reservations().entrySet().stream()
                .filter(entry -> entry.getValue().taskSid().equals(taskSid)
                        && entry.getValue().acceptedAt() != null)
                .map(entry -> explained(
                        entry.getKey(),
                        entry.getValue(),
                        tallies.getOrDefault(entry.getKey(), Tally.NONE),
                        internal,
                        authors,
                        transcript,
                        messagesFrom))
                .sorted(Comparator.comparing(Explained::acceptedAt).thenComparing(Explained::reservationSid))
                .toList();
        List<ExplainedFact> facts = facts(conversation, authors, transcript);
        int over = Math.max(0, facts.size() - most);
        return new Explanation(
                taskSid,
                conversationSid,
                metrics.preset(),
                reservations,
                facts.subList(over, facts.size()),
                transcript.leftMessages() + over,
                read.progress().gaps().first(ReservationMetrics.Messages.MOST_MISSING),
                List.of(),
                List.of(),
                List.of(),
                null);
    }

    private Explained explained(
            String sid,
            Reservation reservation,
            Tally tally,
            boolean internal,
            Authors authors,
            Transcript transcript,
            LongFunction<Stream<Message>> messagesFrom) {
        Why why = internal ? Why.INTERNAL : rules.isMeasured(reservation) ? null : Why.OTHER_CHANNEL;
        boolean seed = metrics.preset() == Preset.SEED;
        SeedWaits seedWaits = new SeedWaits(reservation);
        Map<Metric, BigDecimal> values;
        if (why != null) {
            values = Map.of();
        } else if (seed) {
            values = rules.seedValues(reservation, authors, messagesFrom, seedWaits);
        } else {
            values = rules.values(reservation, tally, transcript.countedWaits(sid));
        }
        return new Explained(
                sid,
                reservation.workerSid(),
                reservation.channel(),
                Objects.requireNonNull(reservation.acceptedAt()),
                reservation.closedAt(),
                values,
                seed ? newest(seedWaits.waits) : transcript.waits(sid, tally),
                seed ? Math.max(0, seedWaits.waits.size() - most) : transcript.leftWaits(sid),
                why);
    }

    private List<ExplainedWait> newest(List<ExplainedWait> waits) {
        return waits.subList(Math.max(0, waits.size() - most), waits.size());
    }

    /** Facts of one instant are in the order in which they count: a message at the end of a window is in the window. */
    private List<ExplainedFact> facts(Conversation conversation, Authors authors, Transcript transcript) {
        List<ExplainedFact> facts = new ArrayList<>();
        conversation.participants().forEach((sid, participant) -> facts.add(participant(sid, participant, authors)));
        conversation.reservations().forEach((sid, reservation) -> addReservation(facts, sid, reservation));
        addTasks(facts, conversation);
        transcript.messages().forEach(message -> facts.add(forPreset(message)));
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

    /** With the sample's formulas all messages of the conversation count, for each reservation. */
    private ExplainedFact forPreset(ExplainedFact fact) {
        return metrics.preset() == Preset.STANDARD || fact.change() != Change.SENT
                ? fact
                : new ExplainedFact(
                        fact.at(),
                        fact.what(),
                        fact.change(),
                        fact.who(),
                        fact.role(),
                        fact.evidence(),
                        fact.workerSid(),
                        fact.index(),
                        fact.sid(),
                        fact.length(),
                        fact.media(),
                        null,
                        true,
                        null);
    }

    private static ExplainedFact participant(String sid, Participant participant, Authors authors) {
        String identity = participant.identityText();
        String address = ReportedValue.valueOf(participant.address());
        String who = identity == null ? address : identity;
        Authors.Recognised known = authors.recognised(who == null ? "" : who, sid);
        return fact(participant.reportedAt(), What.PARTICIPANT, Change.TOLD, who, known, sid, null);
    }

    /** A fact that is no message. */
    private static ExplainedFact fact(
            Instant at,
            What what,
            Change change,
            @Nullable String who,
            Authors.@Nullable Recognised recognised,
            String sid,
            @Nullable Why why) {
        Author author = recognised == null ? null : recognised.author();
        return new ExplainedFact(
                at,
                what,
                change,
                who,
                author == null ? null : Transcript.role(author),
                recognised == null ? null : recognised.evidence(),
                author == null ? null : author.workerSid(),
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
        Authors.Recognised agent = new Authors.Recognised(
                new Author(Author.Role.AGENT, reservation.workerSid()), Evidence.WORKER_IDENTITY);
        return fact(at, What.RESERVATION, change, who, agent, sid, why);
    }

    private static void addTasks(List<ExplainedFact> facts, Conversation conversation) {
        Set<Instant> sessionEnds = new HashSet<>(conversation.sessionEnds());
        conversation.tasks().forEach((sid, task) -> {
            facts.add(fact(task.from(), What.TASK, Change.OPENED, null, null, sid, null));
            if (task.to() != null) {
                Why why = sessionEnds.contains(task.to()) ? null : Why.ANOTHER_TASK_OPEN;
                facts.add(fact(task.to(), What.TASK, Change.ENDED, null, null, sid, why));
            }
        });
    }

    /** Records the sample's waits. */
    private static final class SeedWaits implements SeedFold.Waits {

        private final Instant acceptedAt;
        private final boolean open;
        private final List<ExplainedWait> waits = new ArrayList<>();

        SeedWaits(Reservation reservation) {
            this.acceptedAt = Objects.requireNonNull(reservation.acceptedAt());
            this.open = !reservation.isClosed();
        }

        @Override
        public void replied(Message first) {
            waits.add(Transcript.ended(Kind.FIRST_RESPONSE, acceptedAt, null, first.createdAt(), first, 0, null));
        }

        @Override
        public void waited(Message from, Message to, boolean counted) {
            Why why = counted ? null : Why.FIRST_DROPPED;
            waits.add(Transcript.ended(Kind.RESPONSE, from.createdAt(), from.index(), to.createdAt(), to, 1, why));
        }

        @Override
        public void unanswered(Message last, boolean first) {
            if (open && first) {
                waits.add(Transcript.lasting(Kind.FIRST_RESPONSE, acceptedAt, null, 0, true));
            }
            if (open) {
                waits.add(Transcript.lasting(Kind.RESPONSE, last.createdAt(), last.index(), 1, true));
            }
        }
    }
}
