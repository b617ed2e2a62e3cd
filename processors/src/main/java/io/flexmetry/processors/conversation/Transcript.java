package io.flexmetry.processors.conversation;

import io.flexmetry.contract.explain.ExplainedFact;
import io.flexmetry.contract.explain.ExplainedFact.Change;
import io.flexmetry.contract.explain.ExplainedFact.Evidence;
import io.flexmetry.contract.explain.ExplainedFact.What;
import io.flexmetry.contract.explain.ExplainedWait;
import io.flexmetry.contract.explain.ExplainedWait.Kind;
import io.flexmetry.contract.explain.Why;
import io.flexmetry.contract.metric.MetricValue;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import io.flexmetry.contract.settings.MetricsConfiguration.ResponseFrom;
import io.flexmetry.processors.conversation.Authors.Recognised;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records what the fold decides on each message, with the message's index, which the sums do not have. It decides nothing itself,
 * and keeps the end of a long conversation.
 */
final class Transcript implements Decisions {

    private final Conversation conversation;
    private final SortedSet<Instant> sessionEnds;
    private final MetricsConfiguration metrics;
    private final int most;
    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private final Map<String, ArrayDeque<Line>> groups = new HashMap<>();

    /** Index of the message with which the running wait starts, by reservation SID or group. */
    private final Map<String, Long> unanswered = new HashMap<>();

    private final Map<String, ExplainedWait> firstResponses = new HashMap<>();
    private final ArrayDeque<Ended> ended = new ArrayDeque<>();
    private final Map<String, Long> leftWaits = new HashMap<>();
    private long leftMessages;

    /**
     * An empty transcript.
     *
     * @param most the most messages, and the most waits, that are kept
     */
    Transcript(Conversation conversation, MetricsConfiguration metrics, int most) {
        this.conversation = conversation;
        this.sessionEnds = conversation.sessionEnds();
        this.metrics = metrics;
        this.most = most;
    }

    /** A message, and the decision so far. */
    private static final class Line {
        final Message message;
        final Instant at;
        final @Nullable Recognised by;

        @Nullable
        String belongsTo;

        @Nullable
        Why why;

        Line(Message message, Instant at, @Nullable Recognised by, @Nullable Why why) {
            this.message = message;
            this.at = at;
            this.by = by;
            this.why = why;
        }

        void belongs(String reservationSid) {
            belongsTo = belongsTo == null ? reservationSid : belongsTo;
            why = null;
        }
    }

    /** A wait that has ended. */
    private record Ended(String reservationSid, ExplainedWait explained) {}

    @Override
    public void read(Message message, Instant at, @Nullable Recognised by) {
        lines.addLast(new Line(message, at, by, unlessItBelongs(message, at, by)));
        if (lines.size() > most) {
            lines.removeFirst();
            leftMessages++;
        }
    }

    private @Nullable Why unlessItBelongs(Message message, Instant at, @Nullable Recognised by) {
        if (by == null) {
            return message.presence() == Message.Presence.REMOVED ? Why.REMOVED : Why.UNLISTED;
        }
        return switch (by.author().role()) {
            case AGENT -> whyNotOwn(by.author().workerSid(), at);
            case BOT -> Why.OUTSIDE;
            case SUPERVISOR -> Why.SUPERVISOR;
            case SYSTEM -> by.evidence() == Evidence.GREETERS ? Why.GREETER : Why.SYSTEM;
            case CUSTOMER -> null;
        };
    }

    private Why whyNotOwn(@Nullable String workerSid, Instant at) {
        List<Reservation> own = accepted()
                .filter(reservation -> reservation.workerSid().equals(workerSid))
                .toList();
        if (own.stream().anyMatch(reservation -> reservation.isClosedBefore(at))) {
            return Why.AFTER_WRAP_UP;
        }
        return own.isEmpty() ? Why.NO_RESERVATION : Why.BEFORE_ACCEPTANCE;
    }

    @Override
    public void belongs(String reservationSid) {
        Line line = lines.getLast();
        line.belongs(reservationSid);
        if (line.by != null && line.by.author().isCustomer()) {
            waitsFor(reservationSid, line.message.index());
        }
    }

    /** A message without a reply. */
    private void waitsFor(String reservationOrGroup, long index) {
        unanswered.merge(
                reservationOrGroup, index, metrics.responseFrom() == ResponseFrom.LAST ? Long::max : Long::min);
    }

    @Override
    public void undecided(String group) {
        Line line = lines.getLast();
        ArrayDeque<Line> waiting = groups.computeIfAbsent(group, key -> new ArrayDeque<>());
        waiting.addLast(line);
        if (waiting.size() > most) {
            waiting.removeFirst();
        }
        waitsFor(group, line.message.index());
    }

    @Override
    public void decided(String group, String reservationSid) {
        Objects.requireNonNull(groups.remove(group)).forEach(line -> line.belongs(reservationSid));
        Long index = unanswered.remove(group);
        if (index != null) {
            waitsFor(reservationSid, index);
        }
    }

    @Override
    public void lost(Why why) {
        Objects.requireNonNull(groups.remove(WAITING))
                .forEach(line ->
                        line.why = why == Why.OTHER_SESSION && isAfterWrapUp(line.at) ? Why.AFTER_WRAP_UP : why);
        unanswered.remove(WAITING);
    }

    @Override
    public void contestedAnswered() {
        unanswered.keySet().removeIf(key -> groups.containsKey(key) && !key.equals(WAITING));
    }

    @Override
    public void replied(String reservationSid, Tally before, boolean counted) {
        Line reply = lines.getLast();
        if (before.firstReplyAt() == null) {
            firstResponses.put(
                    reservationSid,
                    ended(Kind.FIRST_RESPONSE, acceptedAt(reservationSid), null, reply.at, reply.message, 0, null));
        }
        end(reservationSid, before, counted ? null : Why.BEFORE_ACCEPTANCE);
    }

    @Override
    public void interrupted(String reservationSid, Tally before) {
        end(reservationSid, before, Why.ANOTHER_AGENT);
    }

    private void end(String reservationSid, Tally before, @Nullable Why why) {
        Line by = lines.getLast();
        Instant since = before.waitedSince(metrics.responseFrom());
        Long index = unanswered.remove(reservationSid);
        if (since == null) {
            return;
        }
        long count = before.unanswered().messages();
        ended.addLast(new Ended(reservationSid, ended(Kind.RESPONSE, since, index, by.at, by.message, count, why)));
        if (ended.size() > most) {
            leftWaits.merge(ended.removeFirst().reservationSid, 1L, Long::sum);
        }
    }

    /**
     * A wait that a message ended.
     *
     * @param why the reason why it is not counted; absent if it is
     */
    static ExplainedWait ended(
            Kind kind,
            Instant from,
            @Nullable Long fromIndex,
            Instant at,
            Message by,
            long messages,
            @Nullable Why why) {
        BigDecimal seconds = MetricValue.seconds(Duration.between(from, at));
        return new ExplainedWait(kind, from, fromIndex, at, by.index(), seconds, messages, why == null, why);
    }

    /**
     * The waits of a reservation, in order.
     *
     * @param tally its sums after the last message
     */
    List<ExplainedWait> waits(String reservationSid, Tally tally) {
        boolean open = reservation(reservationSid).closedAt() == null;
        List<ExplainedWait> waits = new ArrayList<>();
        waits.add(firstResponses.getOrDefault(
                reservationSid, lasting(Kind.FIRST_RESPONSE, acceptedAt(reservationSid), null, 0, open)));
        ended.stream()
                .filter(wait -> wait.reservationSid.equals(reservationSid))
                .map(Ended::explained)
                .forEach(waits::add);
        Instant since = tally.waitedSince(metrics.responseFrom());
        if (since != null) {
            Long index = unanswered.get(reservationSid);
            waits.add(lasting(Kind.RESPONSE, since, index, tally.unanswered().messages(), open));
        }
        return waits;
    }

    /** A wait without an end. */
    static ExplainedWait lasting(Kind kind, Instant from, @Nullable Long fromIndex, long messages, boolean open) {
        return new ExplainedWait(
                kind, from, fromIndex, null, null, null, messages, false, open ? Why.RUNNING : Why.NO_REPLY);
    }

    /** Number of waits of a reservation that are left out. */
    long leftWaits(String reservationSid) {
        return leftWaits.getOrDefault(reservationSid, 0L);
    }

    /** Number of messages that are left out. */
    long leftMessages() {
        return leftMessages;
    }

    /** The messages, in order. */
    List<ExplainedFact> messages() {
        return lines.stream().map(this::fact).toList();
    }

    private ExplainedFact fact(Line line) {
        Message message = line.message;
        Recognised by = line.by;
        boolean named = message.presence() != Message.Presence.UNLISTED;
        // with the sample's formulas all messages of the conversation count, for each reservation
        boolean forAll = metrics.preset() == Preset.SEED && message.isThere();
        Why why = forAll ? null : why(line);
        return new ExplainedFact(
                line.at,
                What.MESSAGE,
                switch (message.presence()) {
                    case PRESENT -> Change.SENT;
                    case REMOVED -> Change.REMOVED;
                    case UNLISTED -> Change.UNLISTED;
                },
                named ? message.author() : null,
                by == null ? null : by.role(),
                by == null ? null : by.evidence(),
                by == null ? null : by.author().workerSid(),
                message.index(),
                message.participantSid(),
                message.textLength(),
                message.mediaCount(),
                forAll ? null : line.belongsTo,
                why == null,
                why);
    }

    /** A customer's message that nobody has answered by now has no reason yet. */
    private @Nullable Why why(Line line) {
        if (line.why != null || line.belongsTo != null) {
            return line.why;
        }
        return isAfterWrapUp(line.at) ? Why.AFTER_WRAP_UP : Why.WAITING;
    }

    /** Whether a reservation of the same session was closed before. */
    private boolean isAfterWrapUp(Instant at) {
        return accepted()
                .filter(reservation -> reservation.isClosedBefore(at))
                .map(reservation -> Objects.requireNonNull(reservation.closedAt()))
                .anyMatch(closedAt -> sessionEnds.subSet(closedAt, at).isEmpty());
    }

    private Stream<Reservation> accepted() {
        return conversation.reservations().values().stream().filter(reservation -> reservation.acceptedAt() != null);
    }

    private Instant acceptedAt(String reservationSid) {
        return Objects.requireNonNull(reservation(reservationSid).acceptedAt());
    }

    private Reservation reservation(String reservationSid) {
        return Objects.requireNonNull(conversation.reservations().get(reservationSid));
    }
}
