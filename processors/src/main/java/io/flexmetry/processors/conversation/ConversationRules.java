package io.flexmetry.processors.conversation;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.Messages.End;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.conversation.Author.Role;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a fact changes in a conversation, and the numbers of its reservations. Pure functions. */
final class ConversationRules {

    private final Configuration configuration;
    private final MetricsConfiguration metrics;

    ConversationRules(Configuration configuration) {
        this.configuration = configuration;
        this.metrics = configuration.metrics();
    }

    /**
     * A conversation whose messages are all read.
     *
     * @param authors who wrote what
     * @param fold the fold after the last message; can be finished once
     * @param progress with the state of the fold
     */
    record CaughtUp(
            Conversation conversation, Messages messages, Authors authors, MessageFold fold, Progress progress) {}

    /** After a fact that is no message. Messages whose meaning has changed are read again. */
    Progress learnFact(Conversation before, Conversation after, Progress progress) {
        Instant differs = after.differsFrom(before, configuration.calendar());
        Progress learnt = progress;
        if (differs != null) {
            // a looked-up message may have been sent at any moment of its second
            learnt = progress.rewoundBefore(differs.truncatedTo(ChronoUnit.SECONDS));
        }
        if (!after.asked().equals(before.asked())) {
            learnt = learnt.withPastChanged();
        }
        return progress.authors().isEmpty() || after.hasAuthorsOf(before) ? learnt : withRolesOf(after, learnt);
    }

    private Progress withRolesOf(Conversation conversation, Progress progress) {
        Authors authors = authors(conversation);
        Progress learnt = progress;
        Map<String, SeenAuthor> seen = new TreeMap<>(progress.authors());
        for (Map.Entry<String, SeenAuthor> entry : progress.authors().entrySet()) {
            SeenAuthor known = entry.getValue();
            Author author =
                    authors.recognised(known.name(), known.participantSid()).author();
            if (!author.equals(known.author())) {
                seen.put(
                        entry.getKey(),
                        new SeenAuthor(known.name(), known.participantSid(), known.firstIndex(), author));
                learnt = learnt.rewoundBefore(known.firstIndex());
            }
        }
        return learnt.withAuthors(seen);
    }

    /**
     * Whether a fact that is no message may change numbers. The end of a task, or of a reservation after its wrap-up, mostly
     * does not.
     *
     * @param progress before the fact
     * @param learnt after it
     */
    boolean mayChangeNumbers(Conversation before, Conversation after, Progress progress, Progress learnt) {
        return !learnt.equals(progress)
                || !after.hasAuthorsOf(before)
                || !after.names().equals(before.names())
                || !after.attributes().equals(before.attributes())
                || !after.asked().equals(before.asked())
                || after.reservations().entrySet().stream()
                        .anyMatch(entry -> differs(before.reservations().get(entry.getKey()), entry.getValue()));
    }

    private static boolean differs(@Nullable Reservation before, Reservation after) {
        return before == null
                || !Objects.equals(before.acceptedAt(), after.acceptedAt())
                || !Objects.equals(before.closedAt(), after.closedAt())
                || !Objects.equals(before.channel(), after.channel())
                || !Objects.equals(before.queueName(), after.queueName());
    }

    /** Identities that a fact added and that may be a worker's. */
    Set<String> possibleWorkers(Conversation before, Conversation after) {
        if (after.participants().equals(before.participants()) && after.names().equals(before.names())) {
            return Set.of();
        }
        Set<String> identities = new TreeSet<>(after.identities());
        identities.removeAll(before.identities());
        return possibleWorkers(identities, authors(after));
    }

    /** Identities of newly read authors that may be a worker's. */
    Set<String> possibleWorkers(Progress before, CaughtUp after) {
        Map<String, SeenAuthor> authors = after.progress.authors();
        if (authors.equals(before.authors())) {
            return Set.of();
        }
        Set<String> identities = new TreeSet<>();
        authors.forEach((key, author) -> {
            Role role = author.author().role();
            if (!before.authors().containsKey(key) && (role == Role.CUSTOMER || role == Role.SYSTEM)) {
                identities.add(author.name());
            }
        });
        // participants are queried when they join
        identities.removeAll(after.conversation.identities());
        return possibleWorkers(identities, after.authors);
    }

    private static Set<String> possibleWorkers(Set<String> identities, Authors authors) {
        identities.removeIf(identity -> identity.startsWith("+")
                || identity.contains(":")
                || identity.equals("system")
                || authors.isWorker(identity));
        return identities;
    }

    /** Whether any reservation of it is measured. */
    boolean isMeasured(Conversation conversation) {
        for (Reservation reservation : conversation.reservations().values()) {
            if (isMeasured(reservation)) {
                return true;
            }
        }
        return false;
    }

    /** Whether message metrics are computed for it. */
    boolean isMeasured(Reservation reservation) {
        return reservation.acceptedAt() != null
                && reservation.channel() != null
                && metrics.chatChannels().contains(reservation.channel());
    }

    /** Measured reservations that close with a fact. */
    List<String> closing(Conversation before, Conversation after) {
        List<String> closing = new ArrayList<>();
        if (!after.reservations().equals(before.reservations())) {
            after.reservations().forEach((sid, reservation) -> {
                Reservation known = before.reservations().get(sid);
                if (reservation.isClosed()
                        && isMeasured(reservation)
                        && (known == null || !known.isClosed() || !isMeasured(known))) {
                    closing.add(sid);
                }
            });
        }
        return closing;
    }

    /** Whether Twilio is asked for the newest message when a reservation closes. */
    boolean looksAtEnd() {
        return metrics.lookAtEnd();
    }

    /** Reads the unread messages, each once. */
    CaughtUp catchUp(Conversation conversation, Progress progress, Messages messages) {
        return catchUp(conversation, progress, messages, Decisions.IGNORED);
    }

    /**
     * Reads the unread messages, each once.
     *
     * @param decisions receives each decision of the fold, its end included
     */
    CaughtUp catchUp(Conversation conversation, Progress progress, Messages messages, Decisions decisions) {
        Authors authors = authors(conversation);
        MessageFold fold = new MessageFold(conversation, authors, configuration, progress.fold(), decisions);
        Map<String, SeenAuthor> seen = progress.authors();
        Gaps gaps = progress.gaps();
        Progress read = progress;
        boolean changesThePast = false;
        try (Stream<Message> unread = messages.from(progress.fold().lastIndex() + 1)) {
            for (Message message : (Iterable<Message>) unread::iterator) {
                gaps = gaps.after(fold.lastIndex(), message.index());
                seen = withAuthor(seen, message, authors.of(message));
                changesThePast |= conversation.isClosedAtOrAfter(message.createdAt()) || fold.isContested();
                fold.read(message);
                changesThePast |= fold.isContested();
                if (message.index() % Progress.CHECKPOINT_EVERY == 0) {
                    read = read.readTo(fold.state(), gaps, seen, changesThePast);
                }
            }
        }
        if (fold.lastIndex() > progress.fold().lastIndex()) {
            read = read.readTo(fold.state(), gaps, seen, changesThePast);
        }
        return new CaughtUp(conversation, messages, authors, fold, read);
    }

    private static Map<String, SeenAuthor> withAuthor(Map<String, SeenAuthor> seen, Message message, Author author) {
        String key = SeenAuthor.key(message.author(), message.participantSid());
        SeenAuthor known = seen.get(key);
        SeenAuthor read = new SeenAuthor(message.author(), message.participantSid(), message.index(), author);
        SeenAuthor merged = known == null ? read : known.earlier(read);
        if (merged.equals(known) || (known == null && seen.size() >= Progress.MOST_AUTHORS)) {
            return seen;
        }
        Map<String, SeenAuthor> all = new TreeMap<>(seen);
        all.put(key, merged);
        return all;
    }

    /** The numbers that differ from the published ones. Finishes the fold. */
    List<Contribution> changes(CaughtUp read) {
        Map<String, Tally> tallies = read.fold.finish();
        boolean internal = isInternal(read);
        MessageFold again = null;
        List<Contribution> changes = new ArrayList<>();
        for (Map.Entry<String, Reservation> entry :
                read.conversation.reservations().entrySet()) {
            String sid = entry.getKey();
            Reservation reservation = entry.getValue();
            if (!isMeasured(reservation)) {
                continue;
            }
            Instant closedAt = reservation.closedAt();
            if (!internal && closedAt != null && read.progress.isSettled(sid, closedAt)) {
                continue;
            }
            Tally tally = tallies.getOrDefault(sid, Tally.NONE);
            Map<Metric, BigDecimal> values;
            if (internal) {
                values = Map.of();
            } else if (metrics.preset() == Preset.SEED) {
                values = seedFold(read, reservation).values(metrics.decimals());
            } else if (hasSeveralWaits(reservation, tally)) {
                again = again == null ? foldAgain(read) : again;
                values = numbers(reservation, tally, again.countedWaits(sid));
            } else {
                values = numbers(reservation, tally, List.of());
            }
            Contribution contribution = new Contribution(
                    Contribution.Feature.CONVERSATION,
                    reservation.taskSid(),
                    sid,
                    closedAt,
                    values,
                    internal ? null : messages(read, sid, reservation, tally));
            if (!read.progress.isPublished(contribution)) {
                changes.add(contribution);
            }
        }
        return changes;
    }

    /** Whether it is a chat between colleagues. */
    boolean isInternal(CaughtUp read) {
        boolean hasCustomer = read.progress.authors().values().stream()
                .anyMatch(author -> author.author().role() == Role.CUSTOMER);
        return read.conversation.isInternal(configuration.internalChats().attribute(), read.authors, hasCustomer);
    }

    /**
     * The numbers of a reservation by our formulas.
     *
     * @param waits its counted waits, milliseconds; they matter only if a closed reservation has several
     */
    Map<Metric, BigDecimal> numbers(Reservation reservation, Tally tally, List<Long> waits) {
        List<Long> single =
                tally.counted().waits() == 1 ? List.of(tally.counted().sum()) : List.of();
        return Numbers.of(reservation, tally, hasSeveralWaits(reservation, tally) ? waits : single, configuration);
    }

    /** A single wait is the median and all percentiles. Several are collected by reading all messages again at the end. */
    private static boolean hasSeveralWaits(Reservation reservation, Tally tally) {
        return reservation.isClosed() && tally.counted().waits() > 1;
    }

    private MessageFold foldAgain(CaughtUp read) {
        MessageFold again =
                new MessageFold(read.conversation, read.authors, configuration, FoldState.START, Decisions.IGNORED);
        try (Stream<Message> all = read.messages.from(0)) {
            all.forEach(again::read);
        }
        return again;
    }

    /** A reservation's messages by the sample plugin's formulas. */
    SeedFold seedFold(CaughtUp read, Reservation reservation) {
        try (Stream<Message> all = read.messages.from(0)) {
            return new SeedFold(reservation, all.filter(Message::isThere).toList(), read.authors);
        }
    }

    /** The state of a conversation after all its messages, for other features. */
    ConversationSnapshot snapshot(Conversation conversation, Progress progress, Messages messages) {
        CaughtUp read = catchUp(conversation, progress, messages);
        FoldState fold = read.progress.fold();
        Map<String, Instant> firstReplies = new TreeMap<>();
        fold.tallies().forEach((sid, tally) -> {
            if (tally.firstReplyAt() != null) {
                firstReplies.put(sid, tally.firstReplyAt());
            }
        });
        return new ConversationSnapshot(
                fold.lastIndex(), fold.lastMessages(), firstReplies, isInternal(read), conversation.chatServiceSid());
    }

    private static ReservationMetrics.Messages messages(
            CaughtUp read, String sid, Reservation reservation, Tally tally) {
        Gaps gaps = read.progress.gaps();
        End end = read.conversation.asked().contains(sid) ? End.ASKED : End.TRUSTED;
        return new ReservationMetrics.Messages(
                gaps.isEmpty(),
                gaps.first(ReservationMetrics.Messages.MOST_MISSING),
                tally.unanswered().from(),
                reservation.isClosed() ? end : null);
    }

    private Authors authors(Conversation conversation) {
        return new Authors(conversation, configuration);
    }
}
