package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.AuthorFact;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.NewestMessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a conversation except its messages, which have a store of their own. Knowledge only grows: order
 * and repetition of events do not matter.
 *
 * @param reservations by reservation SID
 * @param participants by participant SID
 * @param tasks when each task of the conversation was open, by task SID
 * @param workers decoded identities that are a worker's, with the worker's SID
 * @param names unique names that it has had
 * @param attributes names of all attributes that it has had
 * @param asked reservations after whose end Twilio said which message is the newest
 * @param forgottenUntil up to when reservations were forgotten: an earlier event of one that is not known changes nothing,
 *     and no message of before belongs to a reservation that began later; absent mostly
 * @param chatServiceSid IS… of the service that it belongs to; absent while nobody has named it
 */
record Conversation(
        @AtMost(MOST_RESERVATIONS) Map<String, Reservation> reservations,
        @AtMost(MOST_PARTICIPANTS) Map<String, Participant> participants,
        @AtMost(MOST_TASKS) Map<String, TaskSpan> tasks,

        @AtMost(value = MOST_WORKERS, key = Limits.MOST_TEXT)
        Map<String, String> workers,

        @AtMost(value = MOST_NAMES, key = Limits.MOST_TEXT) Set<String> names,

        @AtMost(value = MOST_ATTRIBUTES, key = Limits.MOST_ATTRIBUTE_NAME)
        Set<String> attributes,

        @AtMost(MOST_RESERVATIONS) Set<String> asked,
        @Nullable Instant forgottenUntil,
        @Nullable String chatServiceSid)
        implements Bounded<Conversation> {

    /**
     * The most reservations that are known: a conversation that somebody touches each week is never forgotten as a whole. Offers
     * that nobody accepted go first, then those that ended, the oldest first.
     */
    static final int MOST_RESERVATIONS = 100;

    /** Those who were told of last stay. */
    static final int MOST_PARTICIPANTS = 300;

    /** The last ones stay. */
    static final int MOST_TASKS = 400;

    /** Without a time, so the first by name stay; here and below, who is over had more than any real conversation. */
    static final int MOST_WORKERS = 400;

    static final int MOST_NAMES = 50;

    static final int MOST_ATTRIBUTES = 256;

    static final Conversation NEW =
            new Conversation(Map.of(), Map.of(), Map.of(), Map.of(), Set.of(), Set.of(), Set.of(), null, null);

    /** The same, where a state of before says nothing of who was asked. */
    Conversation(
            Map<String, Reservation> reservations,
            Map<String, Participant> participants,
            Map<String, TaskSpan> tasks,
            Map<String, String> workers,
            Set<String> names,
            Set<String> attributes,
            @Nullable Set<String> asked,
            @Nullable Instant forgottenUntil,
            @Nullable String chatServiceSid) {
        this.reservations = reservations;
        this.participants = participants;
        this.tasks = tasks;
        this.workers = workers;
        this.names = names;
        this.attributes = attributes;
        this.asked = asked == null ? Set.of() : asked;
        this.forgottenUntil = forgottenUntil;
        this.chatServiceSid = chatServiceSid;
    }

    /** What is known after this event as well. An event that says nothing new changes nothing. */
    Conversation learn(Event event) {
        return servedBy(ChatService.merge(chatServiceSid, ChatService.named(event.fact())))
                .learnFact(event);
    }

    private Conversation servedBy(@Nullable String service) {
        return Objects.equals(service, chatServiceSid)
                ? this
                : new Conversation(
                        reservations, participants, tasks, workers, names, attributes, asked, forgottenUntil, service);
    }

    private Conversation learnFact(Event event) {
        Fact fact = event.fact();
        if (isForgotten(fact, event.occurredAt())) {
            return this;
        }
        if (fact instanceof ReservationFact reservation) {
            Reservation told = Reservation.of(event, reservation);
            return new Conversation(
                    with(reservations, reservation.reservationSid(), told, Reservation::merge),
                    participants,
                    with(tasks, told.taskSid(), new TaskSpan(event.occurredAt(), null), TaskSpan::merge),
                    workers,
                    names,
                    attributes,
                    asked,
                    forgottenUntil,
                    chatServiceSid);
        }
        if (fact instanceof ParticipantFact participant) {
            Participant told = Participant.of(event, participant);
            return new Conversation(
                    reservations,
                    with(participants, participant.participantSid(), told, Participant::merge),
                    tasks,
                    workers,
                    names,
                    attributes,
                    asked,
                    forgottenUntil,
                    chatServiceSid);
        }
        if (fact instanceof TaskFact task) {
            TaskSpan told = new TaskSpan(event.occurredAt(), task.change().isEnd() ? event.occurredAt() : null);
            return new Conversation(
                    reservations,
                    participants,
                    with(tasks, task.task().taskSid(), told, TaskSpan::merge),
                    workers,
                    names,
                    attributes,
                    asked,
                    forgottenUntil,
                    chatServiceSid);
        }
        if (fact instanceof AuthorFact author) {
            return new Conversation(
                    reservations,
                    participants,
                    tasks,
                    with(workers, author.identity(), author.workerSid(), (a, b) -> a.compareTo(b) <= 0 ? a : b),
                    names,
                    attributes,
                    asked,
                    forgottenUntil,
                    chatServiceSid);
        }
        if (fact instanceof ConversationFact conversation) {
            return new Conversation(
                    reservations,
                    participants,
                    tasks,
                    workers,
                    conversation.uniqueName() == null ? names : union(names, Set.of(conversation.uniqueName())),
                    union(attributes, conversation.attributes()),
                    asked,
                    forgottenUntil,
                    chatServiceSid);
        }
        if (fact instanceof NewestMessageFact newest) {
            return new Conversation(
                    reservations,
                    participants,
                    tasks,
                    workers,
                    names,
                    attributes,
                    union(asked, Set.of(newest.reservationSid())),
                    forgottenUntil,
                    chatServiceSid);
        }
        return this;
    }

    private boolean isForgotten(Fact fact, Instant at) {
        if (forgottenUntil == null || at.isAfter(forgottenUntil)) {
            return false;
        }
        return fact instanceof ReservationFact reservation
                ? !reservations.containsKey(reservation.reservationSid())
                : fact instanceof TaskFact;
    }

    @Override
    public Conversation bounded() {
        Map<String, Reservation> kept = Kept.of(
                reservations, MOST_RESERVATIONS, Comparator.comparing(Reservation::window, ReservationWindow.WORTH));
        Instant forgotten = reservations.entrySet().stream()
                .filter(entry ->
                        !kept.containsKey(entry.getKey()) && entry.getValue().acceptedAt() != null)
                .map(entry -> entry.getValue().window().latest())
                .reduce(Objects.requireNonNullElse(forgottenUntil, Instant.EPOCH), (a, b) -> a.isBefore(b) ? b : a);
        Conversation bounded = new Conversation(
                kept,
                Kept.of(participants, MOST_PARTICIPANTS, Comparator.comparing(Participant::toldAt)),
                Kept.of(tasks, MOST_TASKS, TaskSpan.WORTH),
                Kept.only(workers, Kept.first(workers.keySet(), MOST_WORKERS)),
                Kept.first(names, MOST_NAMES),
                Kept.first(attributes, MOST_ATTRIBUTES),
                asked.size() > MOST_RESERVATIONS ? Kept.first(asked, MOST_RESERVATIONS) : asked,
                forgotten.equals(Instant.EPOCH) ? null : forgotten,
                chatServiceSid);
        return bounded.size() == size() ? this : bounded;
    }

    @Override
    public int size() {
        return reservations.size()
                + participants.size()
                + tasks.size()
                + workers.size()
                + names.size()
                + attributes.size()
                + asked.size();
    }

    /** The earliest time at which the windows or sessions of the other differ; absent when they do not. */
    @Nullable
    Instant differsFrom(Conversation other) {
        Set<String> sids = union(reservations.keySet(), other.reservations.keySet());
        Stream<Instant> windows = sids.stream().flatMap(sid -> {
            Reservation a = reservations.get(sid);
            Reservation b = other.reservations.get(sid);
            return Stream.concat(
                    difference(a == null ? null : a.acceptedAt(), b == null ? null : b.acceptedAt()),
                    difference(a == null ? null : a.closedAt(), b == null ? null : b.closedAt()));
        });
        Set<Instant> ends = new TreeSet<>(sessionEnds());
        Set<Instant> otherEnds = new TreeSet<>(other.sessionEnds());
        Stream<Instant> sessions =
                union(ends, otherEnds).stream().filter(end -> !ends.contains(end) || !otherEnds.contains(end));
        return Stream.concat(windows, sessions).min(Instant::compareTo).orElse(null);
    }

    /**
     * Whether colleagues talk to each other here: never measured.
     *
     * @param attribute that marks such conversations
     * @param hasCustomer whether somebody wrote who is no worker
     */
    boolean isInternal(String attribute, Authors authors, boolean hasCustomer) {
        boolean named = names.stream().anyMatch(name -> {
            int plus = name.indexOf('+', 1);
            return plus > 0 && authors.isWorker(name.substring(0, plus)) && authors.isWorker(name.substring(plus + 1));
        });
        boolean amongWorkers = !hasCustomer
                && participants.size() > 1
                && participants.values().stream()
                        .allMatch(participant ->
                                participant.identityText() != null && authors.isWorker(participant.identityText()));
        return attributes.contains(attribute) || named || amongWorkers;
    }

    /** When it ceased to have an open task, which a customer may not have noticed. */
    List<Instant> sessionEnds() {
        return TaskSpan.sessionEnds(tasks.values());
    }

    /** How many reservations have both ends of their window. */
    long closedReservations() {
        return reservations.values().stream().filter(Reservation::isClosed).count();
    }

    /** Whether a message of that time may belong to a reservation that is closed already. */
    boolean isClosedAtOrAfter(Instant time) {
        return reservations.values().stream()
                .anyMatch(reservation -> isNotBefore(reservation.closedAt(), time)
                        || (reservation.isClosed() && isNotBefore(reservation.acceptedAt(), time)));
    }

    /** Whether somebody works on it. */
    boolean isOpen() {
        return reservations.values().stream()
                .anyMatch(reservation -> reservation.acceptedAt() != null && !reservation.isClosed());
    }

    /** Identities that may be a worker's: everybody's here. */
    Set<String> identities() {
        Set<String> identities = new TreeSet<>();
        participants.values().stream()
                .map(Participant::identityText)
                .filter(Objects::nonNull)
                .forEach(identities::add);
        names.forEach(name -> {
            int plus = name.indexOf('+', 1);
            if (plus > 0) {
                identities.add(name.substring(0, plus));
                identities.add(name.substring(plus + 1));
            }
        });
        return identities;
    }

    private static boolean isNotBefore(@Nullable Instant at, Instant time) {
        return at != null && !at.isBefore(time);
    }

    private static Stream<Instant> difference(@Nullable Instant a, @Nullable Instant b) {
        return Objects.equals(a, b) ? Stream.empty() : Stream.of(a, b).filter(Objects::nonNull);
    }

    private static <T extends Comparable<? super T>> Set<T> union(Set<T> a, Set<T> b) {
        if (a.containsAll(b)) {
            return a;
        }
        Set<T> both = new TreeSet<>(a);
        both.addAll(b);
        return both;
    }

    private static <V> Map<String, V> with(Map<String, V> map, String key, V value, BinaryOperator<V> merge) {
        Map<String, V> copy = new TreeMap<>(map);
        copy.merge(key, value, merge);
        return copy;
    }
}
