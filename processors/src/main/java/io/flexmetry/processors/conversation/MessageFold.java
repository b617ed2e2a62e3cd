package io.flexmetry.processors.conversation;

import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.processors.conversation.Author.Role;
import io.flexmetry.processors.writeback.Contribution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Message metrics of all closed reservations of a conversation: one pass over its messages, a pure function of facts.
 *
 * <p>A message belongs to the reservation whose window [accepted, wrap-up or end] holds it. A customer's message that no
 * window holds was <i>waiting</i>: it belongs to the next reservation accepted, unless a bot or an agent wrote in
 * between (it was answered) or a task ended (it was another session). One that two windows hold is <i>contested</i>: it
 * belongs to the agent who answers first, and if nobody does to the one who accepted first.
 */
final class MessageFold {

    private final Authors authors;
    private final List<Window> windows;
    private final List<Boundary> boundaries = new ArrayList<>();
    private int nextBoundary;
    private final List<Message> waiting = new ArrayList<>();
    private final List<Contested> contested = new ArrayList<>();

    private MessageFold(Conversation conversation, Configuration configuration) {
        this.authors = new Authors(conversation, configuration::isBot);
        this.windows = conversation.reservations().entrySet().stream()
                .filter(entry -> entry.getValue().acceptedAt() != null)
                .map(entry -> Window.of(entry, configuration.metrics()))
                .sorted(Comparator.comparing(Window::acceptedAt).thenComparing(Window::reservationSid))
                .toList();
        windows.forEach(window -> boundaries.add(new Boundary(window.acceptedAt, window)));
        conversation.taskEnds().values().forEach(end -> boundaries.add(new Boundary(end, null)));
        // at one instant the end of the old session comes before the acceptance in the new one
        boundaries.sort(Comparator.comparing(Boundary::at)
                .thenComparing(boundary -> boundary.accepted != null)
                .thenComparing(boundary -> boundary.accepted == null ? "" : boundary.accepted.reservationSid));
    }

    /**
     * The numbers of the conversation's closed reservations.
     *
     * @param messages all that are known, in any order
     */
    static List<Contribution> contributions(
            Conversation conversation, List<Message> messages, Configuration configuration) {
        MessageFold fold = new MessageFold(conversation, configuration);
        messages.stream()
                .filter(message -> !message.removed())
                .sorted(Message.ORDER)
                .forEach(fold::read);
        fold.finish();
        MetricsConfiguration metrics = configuration.metrics();
        return fold.windows.stream()
                .filter(window -> window.reservation.isClosed()
                        && window.reservation.channel() != null
                        && metrics.chatChannels().contains(window.reservation.channel()))
                .map(window -> new Contribution(
                        Contribution.Feature.CONVERSATION,
                        window.reservation.taskSid(),
                        window.reservationSid,
                        Objects.requireNonNull(window.reservation.closedAt()),
                        window.tally.values(metrics.decimals())))
                .toList();
    }

    private void read(Message message) {
        passBoundariesUntil(message.createdAt());
        Author author = authors.of(message);
        if (author.isHumanAgent()) {
            waiting.clear();
            agentWrote(message, author);
        } else if (author.role() == Role.BOT) {
            waiting.clear();
        } else if (author.isCustomer()) {
            customerWrote(message);
        }
    }

    private void customerWrote(Message message) {
        List<Window> holding =
                windows.stream().filter(window -> window.holds(message)).toList();
        switch (holding.size()) {
            case 0 -> waiting.add(message);
            case 1 -> holding.get(0).tally.customerWrote(message);
            default -> contested.add(new Contested(message, holding));
        }
    }

    private void agentWrote(Message message, Author author) {
        Window own = null;
        for (Window window : windows) {
            if (window.holds(message) && window.reservation.workerSid().equals(author.workerSid())) {
                own = window;
            }
        }
        for (Window window : windows) {
            if (window.equals(own)) {
                claimContested(window);
                window.tally.ownAgentWrote(message);
            } else if (window.holds(message)) {
                window.tally.otherAgentWrote();
            }
        }
    }

    private void claimContested(Window window) {
        contested.removeIf(candidate -> {
            boolean claimed = candidate.windows.contains(window);
            if (claimed) {
                window.tally.customerWrote(candidate.message);
            }
            return claimed;
        });
    }

    private void finish() {
        passBoundariesUntil(Instant.MAX);
        contested.forEach(left -> left.windows.get(0).tally.customerWroteInVain(left.message));
    }

    private void passBoundariesUntil(Instant time) {
        while (nextBoundary < boundaries.size()
                && !boundaries.get(nextBoundary).at.isAfter(time)) {
            Window accepted = boundaries.get(nextBoundary++).accepted;
            if (accepted != null) {
                waiting.forEach(accepted.tally::customerWrote);
            }
            waiting.clear();
        }
    }

    /** A reservation that was accepted, with its sums. */
    private static final class Window {
        private final String reservationSid;
        private final Reservation reservation;
        private final Instant acceptedAt;
        private final Instant closedAt;
        private final Tally tally;

        private Window(String reservationSid, Reservation reservation, Instant acceptedAt, Tally tally) {
            this.reservationSid = reservationSid;
            this.reservation = reservation;
            this.acceptedAt = acceptedAt;
            this.closedAt = Objects.requireNonNullElse(reservation.closedAt(), Instant.MAX);
            this.tally = tally;
        }

        private static Window of(Map.Entry<String, Reservation> entry, MetricsConfiguration metrics) {
            Instant acceptedAt = Objects.requireNonNull(entry.getValue().acceptedAt());
            return new Window(
                    entry.getKey(), entry.getValue(), acceptedAt, new Tally(acceptedAt, metrics.responseFrom()));
        }

        private String reservationSid() {
            return reservationSid;
        }

        private Instant acceptedAt() {
            return acceptedAt;
        }

        private boolean holds(Message message) {
            return !message.createdAt().isBefore(acceptedAt)
                    && !message.createdAt().isAfter(closedAt);
        }
    }

    /** An instant that ends the waiting: a reservation was accepted, or, without one, a task ended. */
    private record Boundary(Instant at, @Nullable Window accepted) {}

    /** A customer's message that several windows hold, in the order of their acceptance. */
    private record Contested(Message message, List<Window> windows) {}
}
