package io.flexmetry.processors.conversation;

import io.flexmetry.contract.calendar.BusinessHours;
import io.flexmetry.contract.explain.Why;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.MetricsConfiguration.ResponseFrom;
import io.flexmetry.processors.conversation.Author.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a conversation in order, each once. The cost of a message does not depend on the number of earlier
 * messages.
 *
 * <p>A message belongs to the reservation whose window [accepted, wrap-up or end] holds it. A customer's message outside
 * all windows is <i>waiting</i>: it belongs to the next reservation accepted, unless a bot or an agent wrote in
 * between (it was answered) or the last open task ended (it was another session). A customer's message in several windows is
 * <i>contested</i>: it belongs to the agent who answers first, and without an answer to the agent who accepted first.
 *
 * <p>Messages are read by index, Twilio's own order. A time that is earlier than its predecessor's counts as the
 * predecessor's. Twilio's webhooks have milliseconds, its message list has whole seconds; a listed message is after an
 * acceptance in its second.
 */
final class MessageFold {

    private static final String COMMA = ",";

    private final List<Window> windows = new ArrayList<>();
    private final List<Boundary> boundaries = new ArrayList<>();
    private final Authors authors;
    private final ResponseFrom responseFrom;
    private final Decisions decisions;
    private final Map<String, Tally> tallies;
    private final Map<String, Unclaimed> contested;
    private final Map<String, List<Long>> countedWaits = new HashMap<>();
    private @Nullable Unclaimed waiting;
    private LastMessages lastMessages;
    private long lastIndex;
    private Instant lastAt;
    private int nextBoundary;

    /**
     * A fold that continues from a state.
     *
     * @param conversation all facts but the messages
     * @param authors who wrote what
     * @param from the state; the conversation must not have changed up to {@link FoldState#lastAt}
     * @param decisions receives each decision
     */
    MessageFold(
            Conversation conversation,
            Authors authors,
            Configuration configuration,
            FoldState from,
            Decisions decisions) {
        this.authors = authors;
        this.responseFrom = configuration.metrics().responseFrom();
        this.decisions = decisions;
        conversation.reservations().forEach((sid, reservation) -> {
            if (reservation.acceptedAt() != null) {
                windows.add(Window.of(sid, reservation, configuration.calendar()));
            }
        });
        windows.sort(Comparator.comparing(Window::acceptedAt).thenComparing(Window::reservationSid));
        // at one instant a session ends before the next reservation is accepted: the sort is stable
        conversation.sessionEnds().forEach(end -> boundaries.add(new Boundary(end, null)));
        if (conversation.forgottenUntil() != null) {
            boundaries.add(new Boundary(conversation.forgottenUntil(), null));
        }
        windows.forEach(window -> boundaries.add(new Boundary(window.acceptedAt, window)));
        boundaries.sort(Comparator.comparing(Boundary::at));
        this.tallies = new TreeMap<>(from.tallies());
        this.contested = new TreeMap<>(from.contested());
        this.waiting = from.waiting();
        this.lastMessages = from.lastMessages();
        this.lastIndex = from.lastIndex();
        this.lastAt = from.lastAt();
        if (lastIndex >= 0) {
            while (nextBoundary < boundaries.size()
                    && !boundaries.get(nextBoundary).at.isAfter(lastAt)) {
                nextBoundary++;
            }
        }
    }

    long lastIndex() {
        return lastIndex;
    }

    /** Whether there are messages that several reservations may still get. */
    boolean isContested() {
        return !contested.isEmpty();
    }

    /** The state after the messages read so far. */
    FoldState state() {
        return new FoldState(lastIndex, lastAt, waiting, Map.copyOf(contested), Map.copyOf(tallies), lastMessages);
    }

    /** Reads the next message. */
    void read(Message message) {
        lastIndex = message.index();
        Instant at = sent(message);
        passBoundariesUntil(at);
        lastAt = at;
        if (!message.isThere()) {
            decisions.read(message, at, null);
            return;
        }
        Authors.Recognised by = authors.recognised(message.author(), message.participantSid());
        decisions.read(message, at, by);
        Author author = by.author();
        LastMessages.Said said = new LastMessages.Said(message.index(), at);
        if (author.isHumanAgent()) {
            loseWaiting(Why.ANSWERED_BY_AGENT);
            lastMessages = lastMessages.agentSaid(said);
            agentWrote(message, at, author);
        } else if (author.role() == Role.BOT) {
            loseWaiting(Why.ANSWERED_BY_BOT);
            lastMessages = lastMessages.otherSaid(said);
            for (Window window : holding(at)) {
                decisions.belongs(window.reservationSid);
                update(window.reservationSid, Tally::botWrote);
            }
        } else if (author.role() == Role.SUPERVISOR) {
            lastMessages = lastMessages.otherSaid(said);
        } else if (author.isCustomer()) {
            lastMessages = lastMessages.customerSaid(said);
            customerWrote(Unclaimed.of(message, at), at);
        }
    }

    private Instant sent(Message message) {
        Instant at = message.createdAt().isBefore(lastAt) ? lastAt : message.createdAt();
        if (message.exact()) {
            return at;
        }
        Instant sent = at;
        for (Window window : windows) {
            if (window.acceptedAt.isAfter(at) && window.acceptedAt.isBefore(message.sentBefore())) {
                sent = window.acceptedAt;
            }
        }
        return sent;
    }

    private List<Window> holding(Instant at) {
        List<Window> holding = new ArrayList<>();
        for (Window window : windows) {
            if (window.holds(at)) {
                holding.add(window);
            }
        }
        return holding;
    }

    /** The final sums by reservation SID, as if no message followed. The fold cannot be used afterwards. */
    Map<String, Tally> finish() {
        passBoundariesUntil(Instant.MAX);
        contested.forEach((sids, left) -> give(sids, left, firstOf(sids)));
        return tallies;
    }

    /** The counted waits of a reservation among the messages read, milliseconds. */
    List<Long> countedWaits(String reservationSid) {
        return countedWaits.getOrDefault(reservationSid, List.of());
    }

    private void customerWrote(Unclaimed message, Instant at) {
        List<Window> holding = holding(at);
        holding.forEach(window -> update(window.reservationSid, tally -> tally.customersTurn(at)));
        switch (holding.size()) {
            case 0 -> {
                decisions.undecided(Decisions.WAITING);
                waiting = waiting == null ? message : waiting.plus(message);
            }
            case 1 -> {
                decisions.belongs(holding.get(0).reservationSid);
                update(holding.get(0).reservationSid, tally -> tally.customerWrote(message));
            }
            default -> {
                String sids = key(holding);
                decisions.undecided(sids);
                contested.merge(sids, message, Unclaimed::plus);
                settleOldest();
            }
        }
    }

    private void agentWrote(Message message, Instant at, Author author) {
        List<Window> holding = holding(at);
        Window own = null;
        for (Window window : holding) {
            if (window.workerSid.equals(author.workerSid())) {
                own = window;
            }
        }
        if (own != null) {
            claimContested(own);
            Tally tally = tally(own.reservationSid);
            Instant since = tally.countedSince(own.acceptedAt, responseFrom);
            Long wait =
                    since == null ? null : (Long) Duration.between(since, at).toMillis();
            if (wait != null) {
                countedWaits
                        .computeIfAbsent(own.reservationSid, sid -> new ArrayList<>())
                        .add(wait);
            }
            decisions.belongs(own.reservationSid);
            decisions.replied(own.reservationSid, tally, wait != null);
            Long open = since == null || own.hours == null
                    ? null
                    : (Long) own.hours.between(since, at).toMillis();
            tallies.put(own.reservationSid, tally.ownAgentWrote(message, at, wait, open));
        }
        for (Window window : holding) {
            if (!window.equals(own)) {
                Tally tally = tally(window.reservationSid);
                decisions.interrupted(window.reservationSid, tally);
                tallies.put(window.reservationSid, tally.otherAgentWrote(at));
            }
        }
        decisions.contestedAnswered();
        contested.replaceAll((sids, messages) -> messages.answered());
    }

    private void claimContested(Window window) {
        contested.entrySet().removeIf(entry -> {
            boolean claimed = List.of(entry.getKey().split(COMMA, -1)).contains(window.reservationSid);
            if (claimed) {
                give(entry.getKey(), entry.getValue(), window.reservationSid);
            }
            return claimed;
        });
    }

    /** Bounds the state: the oldest contested messages go to the agent who accepted first, as at the end. */
    private void settleOldest() {
        if (contested.size() > FoldState.MOST_CONTESTED) {
            Map.Entry<String, Unclaimed> oldest = contested.entrySet().stream()
                    .min(Map.Entry.comparingByValue(Comparator.comparing(Unclaimed::lastAt)))
                    .orElseThrow();
            contested.remove(oldest.getKey());
            give(oldest.getKey(), oldest.getValue(), firstOf(oldest.getKey()));
        }
    }

    /** Decides for which reservation a group of messages counts. */
    private void give(String group, Unclaimed messages, String reservationSid) {
        decisions.decided(group, reservationSid);
        update(reservationSid, tally -> tally.customerWrote(messages));
    }

    private void passBoundariesUntil(Instant time) {
        while (nextBoundary < boundaries.size()
                && !boundaries.get(nextBoundary).at.isAfter(time)) {
            Window accepted = boundaries.get(nextBoundary++).accepted;
            Unclaimed waited = waiting;
            if (accepted != null && waited != null) {
                update(accepted.reservationSid, tally -> tally.customersTurn(accepted.acceptedAt));
                give(Decisions.WAITING, waited, accepted.reservationSid);
                waiting = null;
            }
            loseWaiting(Why.OTHER_SESSION);
        }
    }

    private void loseWaiting(Why why) {
        if (waiting != null) {
            decisions.lost(why);
            waiting = null;
        }
    }

    private void update(String reservationSid, UnaryOperator<Tally> change) {
        tallies.put(reservationSid, change.apply(tally(reservationSid)));
    }

    private Tally tally(String reservationSid) {
        return tallies.getOrDefault(reservationSid, Tally.NONE);
    }

    private static String key(List<Window> holding) {
        return String.join(COMMA, holding.stream().map(Window::reservationSid).toList());
    }

    private static String firstOf(String sids) {
        return sids.substring(0, sids.indexOf(COMMA));
    }

    /** The time in which messages belong to a reservation. */
    private record Window(
            String reservationSid,
            String workerSid,
            Instant acceptedAt,
            Instant closedAt,
            @Nullable BusinessHours hours) {

        static Window of(String reservationSid, Reservation reservation, CalendarConfiguration calendar) {
            return new Window(
                    reservationSid,
                    reservation.workerSid(),
                    Objects.requireNonNull(reservation.acceptedAt()),
                    Objects.requireNonNullElse(reservation.closedAt(), Instant.MAX),
                    calendar.of(reservation.queueName()));
        }

        boolean holds(Instant at) {
            return !at.isBefore(acceptedAt) && !at.isAfter(closedAt);
        }
    }

    /** An instant that ends the waiting: a reservation was accepted, or a session ended where {@code accepted} is absent. */
    private record Boundary(Instant at, @Nullable Window accepted) {}
}
