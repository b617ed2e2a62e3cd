package io.flexmetry.processors.conversation;

import io.flexmetry.contract.calendar.BusinessHours;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.processors.conversation.Author.Role;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A slow and obvious implementation of docs/metrics.md: it reads all messages for each decision, without state or order of
 * arrival. It shares only {@link Authors} with the fold, and not for greeters.
 */
final class Oracle {

    /** A message with its effective time and author. */
    private record Said(int place, Message message, Instant at, Author author) {}

    private record Window(String sid, Reservation reservation) {
        Instant from() {
            return reservation.acceptedAt();
        }

        boolean holds(Instant at) {
            return !at.isBefore(from()) && (reservation.closedAt() == null || !at.isAfter(reservation.closedAt()));
        }
    }

    private final Conversation conversation;
    private final CalendarConfiguration calendar;
    private final List<Said> said = new ArrayList<>();
    private final List<Window> windows;

    private Oracle(Conversation conversation, List<Message> messages, CalendarConfiguration calendar) {
        this.conversation = conversation;
        this.calendar = calendar;
        Authors authors = new Authors(conversation, Configuration.defaults());
        Instant latest = Instant.EPOCH;
        for (Message message : messages) {
            latest = message.createdAt().isBefore(latest) ? latest : message.createdAt();
            if (!message.exact()) {
                latest = latestAcceptance(latest, message.createdAt().plusSeconds(1));
            }
            if (message.isThere()) {
                said.add(new Said(said.size(), message, latest, author(message, authors)));
            }
        }
        this.windows = conversation.reservations().entrySet().stream()
                .filter(entry -> entry.getValue().acceptedAt() != null)
                .map(entry -> new Window(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Window::from).thenComparing(Window::sid))
                .toList();
    }

    private static Author author(Message message, Authors authors) {
        return message.author().equals("Concierge") ? new Author(Role.SYSTEM, null) : authors.of(message);
    }

    /** The numbers of all accepted reservations. */
    static Map<String, Map<Metric, BigDecimal>> numbers(Conversation conversation, List<Message> messages) {
        return numbers(conversation, messages, CalendarConfiguration.NONE);
    }

    /** The numbers with business hours. */
    static Map<String, Map<Metric, BigDecimal>> numbers(
            Conversation conversation, List<Message> messages, CalendarConfiguration calendar) {
        Oracle oracle = new Oracle(conversation, messages, calendar);
        Map<String, Map<Metric, BigDecimal>> numbers = new TreeMap<>();
        oracle.windows.forEach(window -> numbers.put(window.sid(), oracle.numbers(window)));
        return numbers;
    }

    private Map<Metric, BigDecimal> numbers(Window window) {
        List<Said> own = said.stream()
                .filter(one -> ownerOfAgent(one).filter(window::equals).isPresent())
                .toList();
        List<Said> customer = said.stream()
                .filter(one -> ownerOfCustomer(one).filter(window::equals).isPresent())
                .toList();
        Map<Metric, BigDecimal> numbers = new EnumMap<>(Metric.class);
        if (!own.isEmpty()) {
            numbers.put(
                    Metric.FIRST_RESPONSE_TIME,
                    seconds(window.from(), own.get(0).at()));
        }
        BusinessHours hours = calendar.of(window.reservation().queueName());
        if (hours != null && !own.isEmpty()) {
            numbers.put(
                    Metric.FIRST_RESPONSE_TIME_IN_HOURS,
                    rounded(hours.between(window.from(), own.get(0).at()).toMillis() / 1000.0));
        }
        List<Long> waits = new ArrayList<>();
        long openMillis = 0;
        long unanswered = 0;
        Said open = null;
        for (Said one : said) {
            if (customer.contains(one)) {
                unanswered++;
                open = open == null ? one : open;
            } else if (own.contains(one)) {
                if (open != null && !open.at().isBefore(window.from())) {
                    waits.add(Duration.between(open.at(), one.at()).toMillis());
                    openMillis += hours == null
                            ? 0
                            : hours.between(open.at(), one.at()).toMillis();
                }
                open = null;
                unanswered = 0;
            } else if (one.author().isHumanAgent()) {
                // ends the waits that this agent could have answered
                Said replier = one;
                boolean endsAll = window.holds(one.at());
                List<Said> left = customer.stream()
                        .filter(before -> before.place() < replier.place())
                        .filter(before -> !isAnswered(window, before, own, replier))
                        .filter(before -> !endsAll && windowsHolding(before).size() < 2)
                        .toList();
                open = left.isEmpty() ? null : left.get(0);
                unanswered = left.size();
            }
        }
        if (!waits.isEmpty()) {
            if (hours != null) {
                numbers.put(Metric.AVERAGE_RESPONSE_TIME_IN_HOURS, rounded(openMillis / 1000.0 / waits.size()));
            }
            waits.sort(null);
            long sum = waits.stream().mapToLong(Long::longValue).sum();
            numbers.put(Metric.AVERAGE_RESPONSE_TIME, rounded(sum / 1000.0 / waits.size()));
            numbers.put(Metric.LONGEST_RESPONSE_TIME, rounded(waits.get(waits.size() - 1) / 1000.0));
            if (window.reservation().closedAt() != null || waits.size() == 1) {
                int n = waits.size();
                double median = n % 2 == 1 ? waits.get(n / 2) : (waits.get(n / 2 - 1) + waits.get(n / 2)) / 2.0;
                numbers.put(Metric.MEDIAN_RESPONSE_TIME, rounded(median / 1000.0));
                numbers.put(Metric.P90_RESPONSE_TIME, rounded(waits.get((9 * n + 9) / 10 - 1) / 1000.0));
            }
        }
        numbers.put(Metric.COUNTED_WAITS, BigDecimal.valueOf(waits.size()));
        numbers.put(Metric.UNANSWERED_MESSAGES, BigDecimal.valueOf(unanswered));
        side(numbers, own, Metric.AGENT_MESSAGES, Metric.AVERAGE_AGENT_LENGTH, Metric.AGENT_MEDIA);
        side(numbers, customer, Metric.CUSTOMER_MESSAGES, Metric.AVERAGE_CUSTOMER_LENGTH, Metric.CUSTOMER_MEDIA);
        numbers.put(Metric.AGENT_TURNS, BigDecimal.valueOf(turns(window, own)));
        numbers.put(
                Metric.BOT_MESSAGES,
                BigDecimal.valueOf(said.stream()
                        .filter(one -> one.author().role() == Role.BOT && window.holds(one.at()))
                        .count()));
        if (window.reservation().closedAt() != null
                && !customer.isEmpty()
                && !customer.get(customer.size() - 1)
                        .at()
                        .isAfter(window.reservation().closedAt())) {
            numbers.put(
                    Metric.LAST_CUSTOMER_MESSAGE_TO_END,
                    seconds(
                            customer.get(customer.size() - 1).at(),
                            window.reservation().closedAt()));
        }
        numbers.put(Metric.AGENT_IDLE_TIME, idle(window, customer, true));
        numbers.put(Metric.CUSTOMER_IDLE_TIME, idle(window, customer, false));
        return numbers;
    }

    /** After a message its author waits until the other side writes. */
    private BigDecimal idle(Window window, List<Said> customer, boolean forAgent) {
        List<Instant> times = new ArrayList<>();
        List<Boolean> agents = new ArrayList<>();
        if (customer.stream().anyMatch(one -> one.at().isBefore(window.from()))) {
            times.add(window.from());
            agents.add(false);
        }
        for (Said one : said) {
            boolean agent = one.author().isHumanAgent();
            if (window.holds(one.at()) && (agent || one.author().isCustomer())) {
                times.add(one.at());
                agents.add(agent);
            }
        }
        Instant end = window.reservation().closedAt();
        long millis = 0;
        for (int i = 0; i < times.size(); i++) {
            int next = i + 1;
            while (next < times.size() && agents.get(next).equals(agents.get(i))) {
                next++;
            }
            Instant until = next < times.size() ? times.get(next) : end;
            if (agents.get(i) != forAgent && until != null && until.isAfter(times.get(i))) {
                millis += Duration.between(times.get(i), until).toMillis();
            }
            i = next - 1;
        }
        return rounded(millis / 1000.0);
    }

    /** Whether the wait ended before that reply. */
    private boolean isAnswered(Window window, Said question, List<Said> own, Said reply) {
        return said.stream()
                .filter(one -> one.place() > question.place() && one.place() < reply.place())
                .anyMatch(one -> own.contains(one)
                        || (one.author().isHumanAgent()
                                && (window.holds(one.at())
                                        || windowsHolding(question).size() > 1)));
    }

    private long turns(Window window, List<Said> own) {
        long turns = 0;
        boolean agents = false;
        for (Said one : said) {
            if (own.contains(one)) {
                turns += agents ? 0 : 1;
                agents = true;
            } else if (one.author().isCustomer() && window.holds(one.at())) {
                agents = false;
            }
        }
        return turns;
    }

    private Optional<Window> ownerOfAgent(Said one) {
        return one.author().isHumanAgent()
                ? windows.stream()
                        .filter(window -> window.holds(one.at())
                                && window.reservation()
                                        .workerSid()
                                        .equals(one.author().workerSid()))
                        .reduce((a, b) -> b)
                : Optional.empty();
    }

    private Optional<Window> ownerOfCustomer(Said one) {
        if (!one.author().isCustomer()) {
            return Optional.empty();
        }
        List<Window> holding = windowsHolding(one);
        if (holding.isEmpty()) {
            return nextAccepted(one);
        }
        return said.stream()
                .filter(reply -> reply.place() > one.place())
                .map(this::ownerOfAgent)
                .flatMap(Optional::stream)
                .filter(holding::contains)
                .findFirst()
                .or(() -> Optional.of(holding.get(0)));
    }

    private List<Window> windowsHolding(Said one) {
        return windows.stream().filter(window -> window.holds(one.at())).toList();
    }

    private Optional<Window> nextAccepted(Said one) {
        return windows.stream()
                .filter(window -> window.from().isAfter(one.at()))
                .findFirst()
                .filter(window -> said.stream()
                        .noneMatch(other -> other.place() > one.place()
                                && other.at().isBefore(window.from())
                                && (other.author().isHumanAgent()
                                        || other.author().role() == Role.BOT)))
                .filter(window -> conversation.tasks().values().stream()
                        .map(TaskSpan::to)
                        .noneMatch(end -> end != null
                                && end.isAfter(one.at())
                                && !end.isAfter(window.from())
                                && isNoTaskOpenAfter(end)));
    }

    private boolean isNoTaskOpenAfter(Instant end) {
        return conversation.tasks().values().stream()
                .noneMatch(task -> !task.from().isAfter(end)
                        && (task.to() == null || task.to().isAfter(end)));
    }

    /** The last acceptance between two times, exclusive; the first time without one. */
    private Instant latestAcceptance(Instant after, Instant before) {
        return conversation.reservations().values().stream()
                .map(Reservation::acceptedAt)
                .filter(at -> at != null && at.isAfter(after) && at.isBefore(before))
                .max(Instant::compareTo)
                .orElse(after);
    }

    private static void side(
            Map<Metric, BigDecimal> numbers, List<Said> side, Metric count, Metric averageLength, Metric media) {
        numbers.put(count, BigDecimal.valueOf(side.size()));
        numbers.put(
                media,
                BigDecimal.valueOf(side.stream()
                        .mapToInt(one -> one.message().mediaCount())
                        .sum()));
        List<Integer> lengths = side.stream()
                .map(one -> one.message().textLength())
                .filter(length -> length != null)
                .toList();
        if (!lengths.isEmpty()) {
            long sum = lengths.stream().mapToLong(Integer::longValue).sum();
            numbers.put(averageLength, rounded((double) sum / lengths.size()));
        }
    }

    private static BigDecimal seconds(Instant from, Instant to) {
        return rounded(Duration.between(from, to).toMillis() / 1000.0);
    }

    private static BigDecimal rounded(double value) {
        BigDecimal rounded =
                BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }
}
