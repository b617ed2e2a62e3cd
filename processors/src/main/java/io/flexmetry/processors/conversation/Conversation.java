package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.AuthorFact;
import io.flexmetry.contract.event.ConversationFact;
import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Fact;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.NewestMessageFact;
import io.flexmetry.contract.event.ParticipantFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.processors.cases.Compact;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.store.Bounded;
import io.flexmetry.processors.store.Kept;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a conversation except its messages, which have a table of their own. Order and duplicates of events do not
 * matter.
 *
 * @param reservations by reservation SID
 * @param participants by participant SID
 * @param tasks when each task of the conversation was open, by task SID
 * @param workers worker SIDs by decoded identity
 * @param names all unique names so far
 * @param attributes names of all attributes so far
 * @param asked closed reservations for which Twilio was asked for the newest message
 * @param forgottenUntil the end of the last evicted reservation: earlier events of unknown reservations are ignored, and
 *     earlier messages do not belong to later reservations; absent without evictions
 * @param chatServiceSid IS… of its Conversations service; absent until an event names it
 */
@Compact
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
     * The most reservations: a conversation that is used each week is never forgotten as a whole. Offers that nobody accepted
     * are evicted first, then ended reservations, the oldest first.
     */
    static final int MOST_RESERVATIONS = 100;

    /** Participants with the newest events stay. */
    static final int MOST_PARTICIPANTS = 300;

    /** The last ones stay. */
    static final int MOST_TASKS = 400;

    /** The first by name stay, because they have no time. This limit and those below exceed every real conversation. */
    static final int MOST_WORKERS = 400;

    static final int MOST_NAMES = 50;

    static final int MOST_ATTRIBUTES = 256;

    static final Conversation NEW =
            new Conversation(Map.of(), Map.of(), Map.of(), Map.of(), Set.of(), Set.of(), Set.of(), null, null);

    /** With the knowledge of an event added; an event without news changes nothing. */
    Conversation learn(Event event) {
        Fact fact = event.fact();
        String service = ChatService.merge(chatServiceSid, ChatService.named(fact));
        boolean mayBeNews = fact instanceof MessageFact
                ? !Objects.equals(service, chatServiceSid)
                : !isForgotten(fact, event.occurredAt());
        if (!mayBeNews) {
            return this;
        }
        Map<String, Reservation> newReservations = reservations;
        Map<String, Participant> newParticipants = participants;
        Map<String, TaskSpan> newTasks = tasks;
        Map<String, String> newWorkers = workers;
        Set<String> newNames = names;
        Set<String> newAttributes = attributes;
        Set<String> newAsked = asked;
        if (fact instanceof ReservationFact reservation) {
            Reservation reported = Reservation.of(event, reservation);
            newReservations = with(reservations, reservation.reservationSid(), reported, Reservation::merge);
            newTasks = with(tasks, reported.taskSid(), new TaskSpan(event.occurredAt(), null), TaskSpan::merge);
        } else if (fact instanceof ParticipantFact participant) {
            newParticipants = with(
                    participants, participant.participantSid(), Participant.of(event, participant), Participant::merge);
        } else if (fact instanceof TaskFact task) {
            TaskSpan reported = new TaskSpan(event.occurredAt(), task.change().isEnd() ? event.occurredAt() : null);
            newTasks = with(tasks, task.task().taskSid(), reported, TaskSpan::merge);
        } else if (fact instanceof AuthorFact author) {
            newWorkers = with(workers, author.identity(), author.workerSid(), (a, b) -> a.compareTo(b) <= 0 ? a : b);
        } else if (fact instanceof ConversationFact conversation) {
            newNames = conversation.uniqueName() == null ? names : union(names, Set.of(conversation.uniqueName()));
            newAttributes = union(attributes, conversation.attributes());
        } else if (fact instanceof NewestMessageFact newest) {
            newAsked = union(asked, Set.of(newest.reservationSid()));
        }
        return new Conversation(
                newReservations,
                newParticipants,
                newTasks,
                newWorkers,
                newNames,
                newAttributes,
                newAsked,
                forgottenUntil,
                service);
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
        Conversation bounded = new Conversation(
                kept,
                Kept.of(participants, MOST_PARTICIPANTS, Comparator.comparing(Participant::reportedAt)),
                Kept.of(tasks, MOST_TASKS, TaskSpan.WORTH),
                Kept.only(workers, Kept.first(workers.keySet(), MOST_WORKERS)),
                Kept.first(names, MOST_NAMES),
                Kept.first(attributes, MOST_ATTRIBUTES),
                asked.size() > MOST_RESERVATIONS
                        ? Kept.first(Kept.only(asked, kept.keySet()), MOST_RESERVATIONS)
                        : asked,
                Kept.evictedUntil(
                        reservations,
                        kept,
                        its -> its.acceptedAt() == null ? null : its.window().latest(),
                        forgottenUntil),
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

    /**
     * The earliest time from which windows, their business hours or sessions differ; absent where they do not.
     *
     * @param before the same conversation before an event
     */
    @Nullable
    Instant differsFrom(Conversation before, CalendarConfiguration calendar) {
        Instant first = null;
        if (!reservations.equals(before.reservations)) {
            for (Map.Entry<String, Reservation> entry : reservations.entrySet()) {
                Reservation now = entry.getValue();
                Reservation known = before.reservations.get(entry.getKey());
                ReservationWindow window = known == null ? ReservationWindow.UNKNOWN : known.window();
                first = earlierDifference(first, window.acceptedAt(), now.acceptedAt());
                first = earlierDifference(first, window.closedAt(), now.closedAt());
                if (known != null && known.hasOtherHours(now, calendar)) {
                    first = ReservationWindow.earlier(first, now.acceptedAt());
                }
            }
        }
        if (!tasks.equals(before.tasks)) {
            Set<Instant> ends = sessionEnds();
            Set<Instant> endsBefore = before.sessionEnds();
            for (Instant end : union(ends, endsBefore)) {
                first = ends.contains(end) && endsBefore.contains(end) ? first : ReservationWindow.earliest(first, end);
            }
        }
        return first;
    }

    private static @Nullable Instant earlierDifference(
            @Nullable Instant first, @Nullable Instant a, @Nullable Instant b) {
        return Objects.equals(a, b) ? first : ReservationWindow.earlier(first, ReservationWindow.earlier(a, b));
    }

    /**
     * Whether authors have the same roles as before.
     *
     * @param before the same conversation before an event
     */
    boolean hasAuthorsOf(Conversation before) {
        return participants.equals(before.participants)
                && workers.equals(before.workers)
                && reservations.entrySet().stream().allMatch(entry -> {
                    Reservation known = before.reservations.get(entry.getKey());
                    return known != null
                            && known.identities().equals(entry.getValue().identities());
                });
    }

    /**
     * Whether this is a chat between colleagues, which is never measured.
     *
     * @param attribute that marks such conversations
     * @param hasCustomer whether a customer wrote
     */
    boolean isInternal(String attribute, Authors authors, boolean hasCustomer) {
        boolean named = names.stream()
                .map(Conversation::identitiesIn)
                .anyMatch(identities ->
                        !identities.isEmpty() && identities.stream().allMatch(authors::isWorker));
        boolean amongWorkers = !hasCustomer
                && participants.size() > 1
                && participants.values().stream()
                        .allMatch(participant ->
                                participant.identityText() != null && authors.isWorker(participant.identityText()));
        return attributes.contains(attribute) || named || amongWorkers;
    }

    /** When its sessions ended: from then on it had no open task. */
    SortedSet<Instant> sessionEnds() {
        return TaskSpan.sessionEnds(tasks.values());
    }

    /** Whether a message of that time may belong to a closed reservation. */
    boolean isClosedAtOrAfter(Instant time) {
        for (Reservation reservation : reservations.values()) {
            if (isNotBefore(reservation.closedAt(), time)
                    || (reservation.isClosed() && isNotBefore(reservation.acceptedAt(), time))) {
                return true;
            }
        }
        return false;
    }

    /** Whether an agent works on it. */
    boolean isOpen() {
        return reservations.values().stream()
                .anyMatch(reservation -> reservation.window().isOpen());
    }

    /** Identities that may be a worker's: those of all participants and in the unique names. */
    Set<String> identities() {
        Set<String> identities = new TreeSet<>();
        participants.values().stream()
                .map(Participant::identityText)
                .filter(Objects::nonNull)
                .forEach(identities::add);
        names.forEach(name -> identities.addAll(identitiesIn(name)));
        return identities;
    }

    /** The two identities of a unique name {@code identity+identity}; empty for any other name. */
    private static List<String> identitiesIn(String name) {
        int plus = name.indexOf('+', 1);
        return plus < 0 ? List.of() : List.of(name.substring(0, plus), name.substring(plus + 1));
    }

    private static boolean isNotBefore(@Nullable Instant at, Instant time) {
        return at != null && !at.isBefore(time);
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
        V known = map.get(key);
        V merged = known == null ? value : merge.apply(known, value);
        if (merged.equals(known)) {
            return map;
        }
        Map<String, V> copy = new TreeMap<>(map);
        copy.put(key, merged);
        return copy;
    }
}
