package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is to stand on a task: the numbers of one reservation, because Flex Insights binds the attributes to a reservation
 * when it completes. That is the one in wrap-up, which may complete at any moment; otherwise the one that is open;
 * otherwise the one that ended last.
 *
 * @param row whose numbers
 * @param set keys and values, the most important first
 * @param clear our keys without a value
 * @param texts keys and texts that are put where nothing stands
 */
record DesiredAttributes(
        ReservationMetrics row, Map<String, BigDecimal> set, List<String> clear, Map<String, String> texts) {

    /** Flex Insights' key for how a conversation ended. */
    private static final String OUTCOME = "outcome";

    /**
     * Twilio deletes a task five minutes after its end.
     *
     * @see <a href="https://www.twilio.com/docs/taskrouter/lifecycle-task-state">Twilio: task life cycle</a>
     */
    private static final Duration UNTIL_DELETION = Duration.ofMinutes(5);

    /** By the rows of a task; nothing if there are no numbers. */
    static Optional<DesiredAttributes> of(TaskState state, Keys keys) {
        List<ReservationMetrics> rows = List.copyOf(state.rows().values());
        return last(
                        rows.stream()
                                .filter(row -> isFinal(row) && row.endedAt() == null)
                                .toList(),
                        DesiredAttributes::closedAt)
                .or(() ->
                        last(rows.stream().filter(DesiredAttributes::isOpen).toList(), ReservationMetrics::acceptedAt))
                // while the numbers of the one that ended last are on their way, those of others have no room
                .or(() -> last(rows, DesiredAttributes::closedAt).filter(DesiredAttributes::isFinal))
                .map(row -> of(row, keys))
                .filter(desired -> !desired.isEmpty());
    }

    /** The numbers of one row. */
    static DesiredAttributes of(ReservationMetrics row, Keys keys) {
        Map<String, BigDecimal> set = new LinkedHashMap<>();
        List<String> clear = new ArrayList<>();
        keys.of(row).forEach(entry -> {
            BigDecimal value = row.values().get(entry.getKey());
            if (value == null) {
                clear.add(entry.getValue());
            } else {
                set.put(entry.getValue(), value);
            }
        });
        Map<String, String> texts = new TreeMap<>(keys.label(set));
        if (row.closedBy() != null) {
            texts.put(OUTCOME, "Inactivity: " + row.closedBy());
        }
        return new DesiredAttributes(row, set, clear, texts);
    }

    WriteAttributes command(WriteId id, Instant now) {
        return new WriteAttributes(
                id.of(row.taskSid()), row.taskSid(), row.reservationSid(), now, dueBy(), isOver(), set, clear, texts);
    }

    private boolean isEmpty() {
        return set.isEmpty() && texts.isEmpty();
    }

    boolean isOver() {
        return row.endedAt() != null;
    }

    /** When it stops counting; absent while the reservation runs. */
    @Nullable
    Instant dueBy() {
        if (!isFinal(row)) {
            return null;
        }
        return row.endedAt() == null ? row.wrapUpAt() : row.endedAt().plus(UNTIL_DELETION);
    }

    /**
     * Whether that command says it already. At wrap-up it is commanded again even so: the sink looks whether somebody
     * has written over it meanwhile.
     */
    boolean isSaidBy(@Nullable WriteAttributes command) {
        return command != null
                && command.reservationSid().equals(row.reservationSid())
                && command.set().equals(set)
                && command.clear().equals(clear)
                && command.texts().equals(texts)
                && (command.dueBy() != null || !isFinal(row));
    }

    private static boolean isOpen(ReservationMetrics row) {
        return row.wrapUpAt() == null && row.endedAt() == null;
    }

    private static boolean isFinal(ReservationMetrics row) {
        return row.state() == State.FINAL;
    }

    /** Of one that is not open. */
    static Instant closedAt(ReservationMetrics row) {
        return Objects.requireNonNull(row.endedAt() == null ? row.wrapUpAt() : row.endedAt());
    }

    private static Optional<ReservationMetrics> last(
            List<ReservationMetrics> rows, Function<ReservationMetrics, Instant> at) {
        return rows.stream().max(Comparator.comparing(at).thenComparing(ReservationMetrics::reservationSid));
    }
}
