package io.flexmetry.processors.conversation;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.Messages.End;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.contract.settings.MetricsConfiguration.Preset;
import io.flexmetry.processors.cases.Contribution;
import io.flexmetry.processors.cases.ReservationWindow;
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
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a fact changes in a conversation, and what the conversation comes to. Pure functions; messages are given as a
 * function from the first index that is wanted, because mostly none are needed.
 */
final class ConversationRules {

    private final Configuration configuration;
    private final MetricsConfiguration metrics;

    ConversationRules(Configuration configuration) {
        this.configuration = configuration;
        this.metrics = configuration.metrics();
    }

    /** After a fact that is no message. What was read on other premises is read again. */
    Progress learnFact(Conversation before, Conversation after, Progress progress) {
        Instant differs = ReservationWindow.earlier(after.differsFrom(before), hoursDiffer(before, after));
        Progress learnt = progress;
        if (differs != null) {
            // a message of which only the second is known may have been sent at any moment of it
            learnt = progress.rewoundBefore(differs.truncatedTo(ChronoUnit.SECONDS))
                    .withPastChanged();
        } else if (!after.asked().equals(before.asked())) {
            learnt = progress.withPastChanged();
        }
        Authors authors = authors(after);
        Map<String, SeenAuthor> seen = new TreeMap<>(progress.authors());
        for (Map.Entry<String, SeenAuthor> entry : progress.authors().entrySet()) {
            SeenAuthor known = entry.getValue();
            Author author = authors.of(known.name(), known.participantSid());
            if (!author.equals(known.author())) {
                seen.put(
                        entry.getKey(),
                        new SeenAuthor(known.name(), known.participantSid(), known.firstIndex(), author));
                learnt = learnt.rewoundBefore(known.firstIndex());
            }
        }
        return learnt.withAuthors(seen);
    }

    /** The first acceptance to which other hours apply now, since its queue is another; absent without one. */
    private @Nullable Instant hoursDiffer(Conversation before, Conversation after) {
        CalendarConfiguration calendar = configuration.calendar();
        Instant first = null;
        for (Map.Entry<String, Reservation> entry : after.reservations().entrySet()) {
            Reservation now = entry.getValue();
            Reservation known = before.reservations().get(entry.getKey());
            if (known != null && !Objects.equals(calendar.of(known.queueName()), calendar.of(now.queueName()))) {
                first = ReservationWindow.earlier(first, now.acceptedAt());
            }
        }
        return first;
    }

    /** Identities that came up with a fact and of which it is not known whether they are a worker's. */
    Set<String> questions(Conversation before, Conversation after) {
        Set<String> identities = new TreeSet<>(after.identities());
        identities.removeAll(before.identities());
        return unknown(identities, after);
    }

    /** The same of authors who were read for the first time. */
    Set<String> questions(Conversation conversation, Progress before, Progress after) {
        Set<String> identities = new TreeSet<>();
        after.authors().forEach((key, author) -> {
            if (!before.authors().containsKey(key) && isWeak(author.author())) {
                identities.add(author.name());
            }
        });
        return unknown(identities, conversation);
    }

    private Set<String> unknown(Set<String> identities, Conversation conversation) {
        if (!identities.isEmpty()) {
            Authors authors = authors(conversation);
            identities.removeIf(identity -> identity.startsWith("+")
                    || identity.contains(":")
                    || identity.equals("system")
                    || authors.isWorker(identity));
        }
        return identities;
    }

    /** Whether there is somebody to whom numbers can be told. */
    boolean isMeasured(Conversation conversation) {
        return conversation.reservations().values().stream().anyMatch(this::isMeasured);
    }

    /** Reservations that close with a fact and of which messages may be missing at the end. */
    List<String> closing(Conversation before, Conversation after) {
        if (!metrics.lookAtEnd()) {
            return List.of();
        }
        return after.reservations().entrySet().stream()
                .filter(entry -> entry.getValue().isClosed() && isMeasured(entry.getValue()))
                .filter(entry -> {
                    Reservation known = before.reservations().get(entry.getKey());
                    return known == null || !known.isClosed() || !isMeasured(known);
                })
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Reads all that is not read yet, each message once. */
    Progress catchUp(Conversation conversation, Progress progress, LongFunction<Stream<Message>> messagesFrom) {
        return catchUp(conversation, progress, messagesFrom, Decisions.UNHEARD);
    }

    /**
     * The same, heard by somebody.
     *
     * @param decisions hears what is decided
     */
    Progress catchUp(
            Conversation conversation,
            Progress progress,
            LongFunction<Stream<Message>> messagesFrom,
            Decisions decisions) {
        Authors authors = authors(conversation);
        MessageFold fold = new MessageFold(
                conversation, authors, metrics.responseFrom(), configuration.calendar(), progress.fold(), decisions);
        Map<String, SeenAuthor> seen = new TreeMap<>(progress.authors());
        Gaps gaps = progress.gaps();
        Progress read = progress;
        boolean changesThePast = false;
        boolean any = false;
        try (Stream<Message> unread = messagesFrom.apply(progress.fold().lastIndex() + 1)) {
            for (Message message : (Iterable<Message>) unread::iterator) {
                any = true;
                gaps = gaps.after(fold.lastIndex(), message.index());
                SeenAuthor author = new SeenAuthor(
                        message.author(), message.participantSid(), message.index(), authors.of(message));
                String key = SeenAuthor.key(message.author(), message.participantSid());
                if (Progress.hasRoomFor(seen, key)) {
                    seen.merge(key, author, SeenAuthor::earlier);
                }
                changesThePast |= conversation.isClosedAtOrAfter(message.createdAt()) || fold.isContested();
                fold.read(message);
                changesThePast |= fold.isContested();
                if (message.index() % Progress.CHECKPOINT_EVERY == 0) {
                    read = read.readTo(fold.state(), gaps, seen, changesThePast);
                }
            }
        }
        return any ? read.readTo(fold.state(), gaps, Map.copyOf(seen), changesThePast) : progress;
    }

    /** The numbers that are others than those told last. */
    List<Contribution> news(Conversation conversation, Progress caughtUp, LongFunction<Stream<Message>> messagesFrom) {
        Authors authors = authors(conversation);
        Map<String, Tally> tallies = finish(conversation, authors, caughtUp, Decisions.UNHEARD);
        boolean internal = isInternal(conversation, authors, caughtUp);
        Map<String, List<Long>> waits = null;
        List<Contribution> news = new ArrayList<>();
        for (Map.Entry<String, Reservation> entry : conversation.reservations().entrySet()) {
            String sid = entry.getKey();
            Reservation reservation = entry.getValue();
            if (!isMeasured(reservation)) {
                continue;
            }
            Contribution told = caughtUp.told().get(sid);
            Instant closedAt = reservation.closedAt();
            if (!internal && closedAt != null && caughtUp.isSettled(sid, closedAt)) {
                continue;
            }
            Tally tally = tallies.getOrDefault(sid, Tally.NONE);
            Map<Metric, BigDecimal> values;
            if (internal) {
                values = Map.of();
            } else if (metrics.preset() == Preset.SEED) {
                values = seedValues(reservation, authors, messagesFrom, SeedFold.Waits.UNHEARD);
            } else if (reservation.isClosed() && tally.counted().waits() > 1) {
                waits = waits == null ? waits(conversation, authors, messagesFrom) : waits;
                values = numbers(tally, reservation, waits.get(sid));
            } else {
                values = numbers(tally, reservation, single(tally));
            }
            Contribution now = new Contribution(
                    Contribution.Feature.CONVERSATION,
                    reservation.taskSid(),
                    sid,
                    closedAt,
                    values,
                    internal ? null : messages(tally, caughtUp.gaps(), end(conversation, sid, reservation)));
            if (!now.equals(told)) {
                news.add(now);
            }
        }
        return news;
    }

    /** What every reservation has when nothing more comes. */
    Map<String, Tally> finish(Conversation conversation, Authors authors, Progress caughtUp, Decisions decisions) {
        return new MessageFold(
                        conversation,
                        authors,
                        metrics.responseFrom(),
                        configuration.calendar(),
                        caughtUp.fold(),
                        decisions)
                .finish();
    }

    /** Whether colleagues talk to each other there. */
    boolean isInternal(Conversation conversation, Authors authors, Progress caughtUp) {
        boolean hasCustomer = caughtUp.authors().values().stream()
                .anyMatch(author -> author.author().role() == Role.CUSTOMER);
        return conversation.isInternal(configuration.internalChats().attribute(), authors, hasCustomer);
    }

    /**
     * The numbers of a reservation by our formulas.
     *
     * @param waits its counted waits, milliseconds
     */
    Map<Metric, BigDecimal> values(Reservation reservation, Tally tally, List<Long> waits) {
        boolean known = reservation.isClosed() || waits.size() == 1;
        return numbers(tally, reservation, known ? waits : null);
    }

    private Map<Metric, BigDecimal> numbers(Tally tally, Reservation reservation, @Nullable List<Long> waits) {
        return Numbers.of(
                tally, reservation, waits, configuration.calendar().of(reservation.queueName()), metrics.decimals());
    }

    /** The same by the sample's. */
    Map<Metric, BigDecimal> seedValues(
            Reservation reservation,
            Authors authors,
            LongFunction<Stream<Message>> messagesFrom,
            SeedFold.Waits waits) {
        try (Stream<Message> all = messagesFrom.apply(0)) {
            return SeedFold.values(
                    reservation, all.filter(Message::isThere).toList(), authors, metrics.decimals(), waits);
        }
    }

    /** What is said in a conversation, all messages read. */
    ConversationSnapshot snapshot(
            Conversation conversation, Progress progress, LongFunction<Stream<Message>> messagesFrom) {
        Progress read = catchUp(conversation, progress, messagesFrom);
        Map<String, Instant> firstReplies = new TreeMap<>();
        read.fold().tallies().forEach((sid, tally) -> {
            if (tally.firstReplyAt() != null) {
                firstReplies.put(sid, tally.firstReplyAt());
            }
        });
        return new ConversationSnapshot(
                read.fold().lastIndex(),
                read.fold().lastMessages(),
                firstReplies,
                isInternal(conversation, authors(conversation), read),
                conversation.chatServiceSid());
    }

    private static @Nullable End end(Conversation conversation, String reservationSid, Reservation reservation) {
        if (!reservation.isClosed()) {
            return null;
        }
        return conversation.asked().contains(reservationSid) ? End.ASKED : End.TRUSTED;
    }

    private static ReservationMetrics.Messages messages(Tally tally, Gaps gaps, @Nullable End end) {
        return new ReservationMetrics.Messages(
                gaps.isEmpty(),
                gaps.first(ReservationMetrics.Messages.MOST_MISSING),
                tally.unanswered().from(),
                end);
    }

    /** Of a closed reservation with one wait that wait is median and all; with more they are read again, once. */
    private static @Nullable List<Long> single(Tally tally) {
        return tally.counted().waits() == 1 ? List.of(tally.counted().sum()) : null;
    }

    private Map<String, List<Long>> waits(
            Conversation conversation, Authors authors, LongFunction<Stream<Message>> messagesFrom) {
        MessageFold again = new MessageFold(
                conversation, authors, metrics.responseFrom(), configuration.calendar(), FoldState.START);
        try (Stream<Message> all = messagesFrom.apply(0)) {
            all.forEach(again::read);
        }
        return again.countedWaits();
    }

    /** Whether it gets numbers. */
    boolean isMeasured(Reservation reservation) {
        return reservation.acceptedAt() != null
                && reservation.channel() != null
                && metrics.chatChannels().contains(reservation.channel());
    }

    private static boolean isWeak(Author author) {
        return author.role() == Role.CUSTOMER || author.role() == Role.SYSTEM;
    }

    /** Who wrote what. */
    Authors authors(Conversation conversation) {
        return new Authors(conversation, configuration);
    }
}
