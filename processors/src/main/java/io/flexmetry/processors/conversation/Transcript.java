package io.flexmetry.processors.conversation;

import io.flexmetry.contract.explain.ExplainedFact;
import io.flexmetry.contract.explain.ExplainedFact.Change;
import io.flexmetry.contract.explain.ExplainedFact.Evidence;
import io.flexmetry.contract.explain.ExplainedFact.What;
import io.flexmetry.contract.explain.ExplainedWait;
import io.flexmetry.contract.explain.ExplainedWait.Kind;
import io.flexmetry.contract.explain.Why;
import io.flexmetry.contract.metric.MetricValue;
import io.flexmetry.contract.settings.MetricsConfiguration.ResponseFrom;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records what the fold decides on each message, with the message's index, which the sums do not have. It decides nothing itself,
 * and keeps the end of a long conversation.
 */
final class Transcript implements Decisions {

    private final Conversation conversation;
    private final Authors authors;
    private final ResponseFrom responseFrom;
    private final int most;
    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private final Map<String, Group> groups = new HashMap<>();
    private final Map<String, Unanswered> unanswered = new HashMap<>();
    private final Map<String, ExplainedWait> firstResponses = new HashMap<>();
    private final ArrayDeque<Ended> ended = new ArrayDeque<>();
    private final Map<String, Long> endedWaits = new HashMap<>();
    private final Map<String, List<Long>> countedWaits = new HashMap<>();
    private long read;
    private @Nullable Line last;

    /**
     * An empty transcript.
     *
     * @param most the most messages, and the most waits, that are kept
     */
    Transcript(Conversation conversation, Authors authors, ResponseFrom responseFrom, int most) {
        this.conversation = conversation;
        this.authors = authors;
        this.responseFrom = responseFrom;
        this.most = most;
    }

    /** A message, and the decision so far. */
    private static final class Line {
        final Message message;
        final Instant at;
        final @Nullable Author author;
        final @Nullable Evidence evidence;

        @Nullable
        String belongsTo;

        @Nullable
        Why why;

        Line(Message message, Instant at, @Nullable Author author, @Nullable Evidence evidence, @Nullable Why why) {
            this.message = message;
            this.at = at;
            this.author = author;
            this.evidence = evidence;
            this.why = why;
        }

        void belongs(String reservationSid) {
            belongsTo = belongsTo == null ? reservationSid : belongsTo;
            why = null;
        }
    }

    /** A customer's messages that are not decided yet. */
    private static final class Group {
        final ArrayDeque<Line> lines = new ArrayDeque<>();

        @Nullable
        Unanswered unanswered;
    }

    /** Indexes of the first and the last message without a reply. */
    private record Unanswered(long first, long last) {
        Unanswered plus(Unanswered later) {
            return new Unanswered(Math.min(first, later.first), Math.max(last, later.last));
        }

        long index(ResponseFrom responseFrom) {
            return responseFrom == ResponseFrom.LAST ? last : first;
        }
    }

    /** A wait that has ended. */
    private record Ended(String reservationSid, ExplainedWait explained) {}

    @Override
    public void absent(Message message, Instant at) {
        add(new Line(
                message, at, null, null, message.presence() == Message.Presence.REMOVED ? Why.REMOVED : Why.UNLISTED));
    }

    @Override
    public void wrote(Message message, Instant at, Author author) {
        Evidence evidence =
                authors.recognised(message.author(), message.participantSid()).evidence();
        add(new Line(message, at, author, evidence, unlessItBelongs(author, evidence, at)));
    }

    private void add(Line line) {
        last = line;
        read++;
        push(lines, line);
    }

    private <T> void push(ArrayDeque<T> queue, T element) {
        queue.addLast(element);
        if (queue.size() > most) {
            queue.removeFirst();
        }
    }

    private @Nullable Why unlessItBelongs(Author author, Evidence evidence, Instant at) {
        return switch (author.role()) {
            case AGENT -> whyNotOwn(author.workerSid(), at);
            case BOT -> Why.OUTSIDE;
            case SUPERVISOR -> Why.SUPERVISOR;
            case SYSTEM -> evidence == Evidence.GREETERS ? Why.GREETER : Why.SYSTEM;
            case CUSTOMER -> null;
        };
    }

    private Why whyNotOwn(@Nullable String workerSid, Instant at) {
        Collection<Reservation> own = conversation.reservations().values().stream()
                .filter(reservation -> reservation.workerSid().equals(workerSid) && reservation.acceptedAt() != null)
                .toList();
        if (own.stream().anyMatch(reservation -> isClosedBefore(reservation, at))) {
            return Why.AFTER_WRAP_UP;
        }
        return own.isEmpty() ? Why.NO_RESERVATION : Why.BEFORE_ACCEPTANCE;
    }

    @Override
    public void belongs(String reservationSid) {
        Line line = Objects.requireNonNull(last);
        line.belongs(reservationSid);
        if (line.author != null && line.author.isCustomer()) {
            unanswered.merge(reservationSid, one(line), Unanswered::plus);
        }
    }

    @Override
    public void undecided(String group) {
        Line line = Objects.requireNonNull(last);
        Group waiting = groups.computeIfAbsent(group, key -> new Group());
        push(waiting.lines, line);
        waiting.unanswered = waiting.unanswered == null ? one(line) : waiting.unanswered.plus(one(line));
    }

    private static Unanswered one(Line line) {
        return new Unanswered(line.message.index(), line.message.index());
    }

    @Override
    public void decided(String group, String reservationSid) {
        Group decided = groups.remove(group);
        if (decided != null) {
            decided.lines.forEach(line -> line.belongs(reservationSid));
            if (decided.unanswered != null) {
                unanswered.merge(reservationSid, decided.unanswered, Unanswered::plus);
            }
        }
    }

    @Override
    public void lost(Why why) {
        Group lost = groups.remove(WAITING);
        if (lost != null) {
            lost.lines.forEach(
                    line -> line.why = why == Why.OTHER_SESSION && isAfterWrapUp(line.at) ? Why.AFTER_WRAP_UP : why);
        }
    }

    @Override
    public void contestedAnswered() {
        groups.forEach((key, group) -> {
            if (!key.equals(WAITING)) {
                group.unanswered = null;
            }
        });
    }

    @Override
    public void replied(String reservationSid, Tally before, @Nullable Long counted) {
        Line reply = Objects.requireNonNull(last);
        if (before.firstReplyAt() == null) {
            firstResponses.put(
                    reservationSid,
                    ended(Kind.FIRST_RESPONSE, acceptedAt(reservationSid), null, reply.at, reply.message, 0, null));
        }
        if (counted != null) {
            countedWaits
                    .computeIfAbsent(reservationSid, sid -> new ArrayList<>())
                    .add(counted);
        }
        end(reservationSid, before, reply, counted == null ? Why.BEFORE_ACCEPTANCE : null);
    }

    @Override
    public void interrupted(String reservationSid, Tally before) {
        end(reservationSid, before, Objects.requireNonNull(last), Why.ANOTHER_AGENT);
    }

    private void end(String reservationSid, Tally before, Line by, @Nullable Why why) {
        Instant since = before.waitedSince(responseFrom);
        Unanswered messages = unanswered.remove(reservationSid);
        if (since != null) {
            endedWaits.merge(reservationSid, 1L, Long::sum);
            Long index = messages == null ? null : messages.index(responseFrom);
            long count = before.unanswered().messages();
            push(ended, new Ended(reservationSid, ended(Kind.RESPONSE, since, index, by.at, by.message, count, why)));
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

    /** The counted waits of a reservation, milliseconds. */
    List<Long> countedWaits(String reservationSid) {
        return countedWaits.getOrDefault(reservationSid, List.of());
    }

    /**
     * The waits of a reservation, in order.
     *
     * @param tally its sums after the last message
     */
    List<ExplainedWait> waits(String reservationSid, Tally tally) {
        boolean open = closedAt(reservationSid) == null;
        List<ExplainedWait> waits = new ArrayList<>();
        waits.add(firstResponses.getOrDefault(
                reservationSid, lasting(Kind.FIRST_RESPONSE, acceptedAt(reservationSid), null, 0, open)));
        ended.stream()
                .filter(wait -> wait.reservationSid.equals(reservationSid))
                .map(Ended::explained)
                .forEach(waits::add);
        Instant since = tally.waitedSince(responseFrom);
        if (since != null) {
            Unanswered messages = unanswered.get(reservationSid);
            waits.add(lasting(
                    Kind.RESPONSE,
                    since,
                    messages == null ? null : messages.index(responseFrom),
                    tally.unanswered().messages(),
                    open));
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
        return endedWaits.getOrDefault(reservationSid, 0L)
                - ended.stream()
                        .filter(wait -> wait.reservationSid.equals(reservationSid))
                        .count();
    }

    /** Number of messages that are left out. */
    long leftMessages() {
        return read - lines.size();
    }

    /** The messages, in order. */
    List<ExplainedFact> messages() {
        return lines.stream().map(this::fact).toList();
    }

    private ExplainedFact fact(Line line) {
        Message message = line.message;
        boolean named = message.presence() != Message.Presence.UNLISTED;
        Why why = line.why == null && line.belongsTo == null
                ? isAfterWrapUp(line.at) ? Why.AFTER_WRAP_UP : Why.WAITING
                : line.why;
        return new ExplainedFact(
                line.at,
                What.MESSAGE,
                switch (message.presence()) {
                    case PRESENT -> Change.SENT;
                    case REMOVED -> Change.REMOVED;
                    case UNLISTED -> Change.UNLISTED;
                },
                named ? message.author() : null,
                line.author == null ? null : role(line.author),
                line.evidence,
                line.author == null ? null : line.author.workerSid(),
                message.index(),
                message.participantSid(),
                message.textLength(),
                message.mediaCount(),
                line.belongsTo,
                why == null,
                why);
    }

    static ExplainedFact.Role role(Author author) {
        return ExplainedFact.Role.valueOf(author.role().name());
    }

    /** Whether a reservation of the same session was closed before. */
    private boolean isAfterWrapUp(Instant at) {
        return conversation.reservations().values().stream()
                .filter(reservation -> reservation.acceptedAt() != null && isClosedBefore(reservation, at))
                .map(Reservation::closedAt)
                .anyMatch(closedAt -> conversation.sessionEnds().stream()
                        .noneMatch(end -> !end.isBefore(Objects.requireNonNull(closedAt)) && end.isBefore(at)));
    }

    private static boolean isClosedBefore(Reservation reservation, Instant at) {
        Instant closedAt = reservation.closedAt();
        return closedAt != null && closedAt.isBefore(at);
    }

    private Instant acceptedAt(String reservationSid) {
        return Objects.requireNonNull(reservation(reservationSid).acceptedAt());
    }

    private @Nullable Instant closedAt(String reservationSid) {
        return reservation(reservationSid).closedAt();
    }

    private Reservation reservation(String reservationSid) {
        return Objects.requireNonNull(conversation.reservations().get(reservationSid));
    }
}
