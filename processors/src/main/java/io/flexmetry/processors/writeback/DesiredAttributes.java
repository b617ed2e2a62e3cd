package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that are to be on a task: those of one reservation, because Flex Insights binds the attributes to a reservation
 * when it completes. That is the reservation in wrap-up, which may complete at any moment, otherwise the open one, otherwise
 * the one that ended last.
 *
 * @param row of the reservation
 * @param set keys and values, the most important first
 * @param clear our keys without a value
 * @param texts keys and texts, for keys without a value on the task
 * @param content hash of {@code set} and {@code clear}
 */
record DesiredAttributes(
        ReservationMetrics row,
        Map<String, BigDecimal> set,
        List<String> clear,
        Map<String, String> texts,
        String content) {

    /** Flex Insights' key for how a conversation ended. */
    private static final String OUTCOME = "outcome";

    /**
     * Twilio deletes a task five minutes after its end.
     *
     * @see <a href="https://www.twilio.com/docs/taskrouter/lifecycle-task-state">Twilio: task life cycle</a>
     */
    private static final Duration UNTIL_DELETION = Duration.ofMinutes(5);

    private static final Comparator<ReservationMetrics> PRECEDENCE = Comparator.comparingInt(DesiredAttributes::rank)
            .thenComparing(row -> isOpen(row) ? row.acceptedAt() : closedAt(row))
            .thenComparing(ReservationMetrics::reservationSid);

    /** Of the rows of a task; absent without numbers, and while those of the reservation that ended last are not final. */
    static @Nullable DesiredAttributes of(List<ReservationMetrics> rows, Keys keys) {
        if (rows.isEmpty()) {
            return null;
        }
        ReservationMetrics row = Collections.max(rows, PRECEDENCE);
        if (!isOpen(row) && !isFinal(row)) {
            return null;
        }
        DesiredAttributes desired = of(row, keys);
        return desired.set.isEmpty() && desired.texts.isEmpty() ? null : desired;
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
        return new DesiredAttributes(row, set, clear, texts, WriteId.content(set, clear));
    }

    WriteAttributes command(WriteId id, Instant now) {
        return new WriteAttributes(
                id.of(row.taskSid()), row.taskSid(), row.reservationSid(), now, dueBy(), isOver(), set, clear, texts);
    }

    Commanded commanded(boolean reconciled) {
        return new Commanded(row.reservationSid(), kind(), content, texts, reconciled);
    }

    /**
     * Whether these numbers were commanded already. At the wrap-up they are commanded again even so: the sink finds out
     * whether somebody has overwritten them.
     */
    boolean isIn(@Nullable Commanded commanded) {
        return commanded != null
                && commanded.reservationSid().equals(row.reservationSid())
                && commanded.content().equals(content)
                && commanded.texts().equals(texts)
                && (commanded.kind() == WriteId.Kind.FINAL || kind() == WriteId.Kind.RUNNING);
    }

    WriteId.Kind kind() {
        return isFinal(row) ? WriteId.Kind.FINAL : WriteId.Kind.RUNNING;
    }

    boolean isOver() {
        return row.endedAt() != null;
    }

    /** When a write stops counting; absent while the reservation runs. */
    @Nullable
    Instant dueBy() {
        if (!isFinal(row)) {
            return null;
        }
        return row.endedAt() == null ? row.wrapUpAt() : row.endedAt().plus(UNTIL_DELETION);
    }

    private static int rank(ReservationMetrics row) {
        return isFinal(row) && row.endedAt() == null ? 2 : isOpen(row) ? 1 : 0;
    }

    private static boolean isOpen(ReservationMetrics row) {
        return row.wrapUpAt() == null && row.endedAt() == null;
    }

    private static boolean isFinal(ReservationMetrics row) {
        return row.state() == State.FINAL;
    }

    /** Of a reservation that is not open. */
    static Instant closedAt(ReservationMetrics row) {
        return Objects.requireNonNull(row.endedAt() == null ? row.wrapUpAt() : row.endedAt());
    }
}
