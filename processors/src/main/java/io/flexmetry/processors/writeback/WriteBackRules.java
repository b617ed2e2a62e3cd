package io.flexmetry.processors.writeback;

import io.flexmetry.contract.command.WriteAttributes;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.metric.ReservationMetrics;
import io.flexmetry.contract.metric.ReservationMetrics.State;
import io.flexmetry.contract.metric.ReservationMetrics.WriteBack;
import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.contract.settings.MetricsConfiguration;
import io.flexmetry.processors.writeback.ReservationState.Description;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the rows of a task are, and what is to stand on it: the numbers of the reservation that ended last,
 * because Flex Insights binds the attributes to a reservation when it completes.
 */
final class WriteBackRules {

    private final MetricsConfiguration configuration;

    WriteBackRules(MetricsConfiguration configuration) {
        this.configuration = configuration;
    }

    /**
     * What to do.
     *
     * @param next the state from now on
     * @param outputs rows and commands, in order
     */
    record Decision(TaskState next, List<TaskOutput> outputs) {}

    /** A pure function of state, input and time; an input that says nothing new leads to nothing. */
    Decision decide(TaskState state, TaskInput input, Instant now) {
        TaskState next = learn(state, input);
        List<TaskOutput> outputs = new ArrayList<>();
        for (var entry : next.reservations().entrySet()) {
            ReservationMetrics row =
                    changedRow(entry.getKey(), entry.getValue(), next.rows().get(entry.getKey()));
            if (row != null) {
                next = next.withRow(row);
                outputs.add(new TaskOutput.Row(row));
            }
        }
        WriteAttributes command = changedCommand(next, now);
        if (command != null) {
            next = next.withCommand(command);
            outputs.add(new TaskOutput.Do(command));
        }
        return new Decision(next, outputs);
    }

    private static TaskState learn(TaskState state, TaskInput input) {
        if (input instanceof TaskInput.Happened happened) {
            return happened.event().fact() instanceof ReservationFact fact
                    ? update(state, fact.reservationSid(), known -> known.learn(happened.event(), fact))
                    : state;
        }
        if (input instanceof TaskInput.Measured measured) {
            Contribution contribution = measured.contribution();
            return update(state, contribution.reservationSid(), known -> known.learn(contribution));
        }
        Outcome outcome = ((TaskInput.Settled) input).outcome();
        return update(state, outcome.reservationSid(), known -> known.learn(outcome));
    }

    private static TaskState update(TaskState state, String reservationSid, UnaryOperator<ReservationState> change) {
        ReservationState known = state.reservations().getOrDefault(reservationSid, ReservationState.NEW);
        return state.withReservation(reservationSid, change.apply(known));
    }

    private @Nullable ReservationMetrics changedRow(
            String reservationSid, ReservationState reservation, @Nullable ReservationMetrics last) {
        Description described = reservation.described();
        if (described == null || reservation.acceptedAt() == null) {
            return null;
        }
        ReservationFact fact = described.fact();
        ReservationMetrics row = new ReservationMetrics(
                reservationSid,
                fact.task().taskSid(),
                last == null ? 1 : last.revision(),
                isFinal(reservation, fact) ? State.FINAL : State.RUNNING,
                fact.worker().workerSid(),
                fact.worker().name(),
                fact.task().channel(),
                fact.task().queueName(),
                fact.task().conversationSid(),
                reservation.acceptedAt(),
                reservation.wrapUpAt(),
                reservation.endedAt(),
                reservation.values(),
                messages(reservation),
                writeBack(reservation.outcome()));
        if (row.equals(last)) {
            return null;
        }
        return last == null ? row : row.withRevision(last.revision() + 1);
    }

    /** Over, and with all the numbers that there will be for what is known now. */
    private boolean isFinal(ReservationState reservation, ReservationFact fact) {
        Instant closedAt = reservation.closedAt();
        boolean messaging = fact.task().conversationSid() != null
                && fact.task().channel() != null
                && configuration.chatChannels().contains(fact.task().channel());
        Contribution messages = reservation.contributions().get(Contribution.Feature.CONVERSATION);
        return closedAt != null && (!messaging || (messages != null && closedAt.equals(messages.until())));
    }

    private static ReservationMetrics.@Nullable Messages messages(ReservationState reservation) {
        Contribution contribution = reservation.contributions().get(Contribution.Feature.CONVERSATION);
        return contribution == null ? null : contribution.messages();
    }

    private @Nullable WriteAttributes changedCommand(TaskState state, Instant now) {
        Optional<ReservationMetrics> last = state.rows().values().stream()
                .filter(row -> row.state() == State.FINAL && !row.values().isEmpty())
                .max(Comparator.comparing(WriteBackRules::overAt).thenComparing(ReservationMetrics::reservationSid));
        if (last.isEmpty() || configuration.attributes().isEmpty()) {
            return null;
        }
        ReservationMetrics row = last.get();
        Map<String, BigDecimal> set = new TreeMap<>();
        List<String> clear = new ArrayList<>();
        configuration.attributes().forEach((metric, key) -> put(row, metric, key, set, clear));
        WriteAttributes stands = state.lastCommand();
        if (stands != null
                && stands.reservationSid().equals(row.reservationSid())
                && stands.set().equals(set)
                && stands.clear().equals(clear)) {
            return null;
        }
        String commandId = row.taskSid() + "/" + (state.commands() + 1);
        return new WriteAttributes(commandId, row.taskSid(), row.reservationSid(), now, set, clear);
    }

    private static void put(
            ReservationMetrics row, Metric metric, String key, Map<String, BigDecimal> set, List<String> clear) {
        BigDecimal value = row.values().get(metric);
        if (value == null) {
            clear.add(key);
        } else {
            set.put(key, value);
        }
    }

    private static Instant overAt(ReservationMetrics row) {
        return Objects.requireNonNull(row.endedAt() == null ? row.wrapUpAt() : row.endedAt());
    }

    private static @Nullable WriteBack writeBack(@Nullable Outcome outcome) {
        if (outcome == null) {
            return null;
        }
        Result result = outcome.result();
        if (result instanceof Result.Written written) {
            return new WriteBack("written", outcome.at(), written.etag());
        }
        if (result instanceof Result.Unchanged unchanged) {
            return new WriteBack("unchanged", outcome.at(), unchanged.etag());
        }
        if (result instanceof Result.Refused refused) {
            return new WriteBack("refused", outcome.at(), refused.reason());
        }
        return new WriteBack("gone", outcome.at(), null);
    }
}
