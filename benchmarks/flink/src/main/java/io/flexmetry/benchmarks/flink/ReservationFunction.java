package io.flexmetry.benchmarks.flink;

import io.flexmetry.benchmarks.flink.ChatEvent.Message;
import io.flexmetry.benchmarks.flink.ChatEvent.Reservation;
import io.flexmetry.contract.metric.ReservationMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keeps a conversation's messages until its wrap-up, and folds them when the watermark passes it: the two topics are
 * read at different speeds, so the wrap-up is mostly read before the last messages. Emits one row and deletes the
 * conversation's state.
 */
final class ReservationFunction extends KeyedProcessFunction<String, ChatEvent, ReservationMetrics> {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("NullAway.Init")
    private transient MapState<Long, Message> messages;

    @SuppressWarnings("NullAway.Init")
    private transient ValueState<Reservation> reservation;

    @Override
    public void open(OpenContext context) {
        messages = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("messages", Types.LONG, Types.POJO(Message.class)));
        reservation =
                getRuntimeContext().getState(new ValueStateDescriptor<>("reservation", Types.POJO(Reservation.class)));
    }

    @Override
    public void processElement(ChatEvent event, Context context, Collector<ReservationMetrics> out) throws Exception {
        if (event.message() != null) {
            messages.put(event.message().index(), event.message());
        }
        if (event.reservation() != null) {
            Reservation known = reservation.value();
            reservation.update(known == null ? event.reservation() : known.with(event.reservation()));
            if (event.reservation().wrapUpAt() > 0) {
                context.timerService()
                        .registerEventTimeTimer(event.reservation().wrapUpAt());
            }
        }
    }

    @Override
    public void onTimer(long at, OnTimerContext context, Collector<ReservationMetrics> out) throws Exception {
        out.collect(row(Objects.requireNonNull(reservation.value()), context.getCurrentKey()));
        messages.clear();
        reservation.clear();
    }

    private ReservationMetrics row(Reservation closed, String conversationSid) throws Exception {
        List<Message> sorted = new ArrayList<>();
        messages.values().forEach(sorted::add);
        sorted.sort(Comparator.comparing(Message::index));
        return new ReservationMetrics(
                closed.reservationSid(),
                closed.taskSid(),
                1,
                ReservationMetrics.State.FINAL,
                closed.workerSid(),
                null,
                null,
                null,
                conversationSid,
                Instant.ofEpochMilli(closed.acceptedAt()),
                Instant.ofEpochMilli(closed.wrapUpAt()),
                null,
                MessageMetrics.of(closed, sorted),
                null,
                null,
                null,
                null);
    }
}
