package io.flexmetry.processors.inactivity;

import io.flexmetry.contract.settings.InactivityPolicy;
import io.flexmetry.processors.cases.ReservationWindow;
import io.flexmetry.processors.conversation.ConversationSnapshot;
import io.flexmetry.processors.conversation.LastMessages;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides when the current silence started: pure functions of policy, state and messages. */
final class SilenceRules {

    private SilenceRules() {}

    /** The start of the silence; absent while there is none, because a customer waits or the policy does not count yet. */
    static Optional<SilenceStart> start(InactivityPolicy policy, InactivityState state, ConversationSnapshot snapshot) {
        Instant session = state.sessionStart();
        LastMessages messages = snapshot.lastMessages();
        LastMessages.Said customer = within(session, messages.customer());
        boolean pauses = policy.pauseWhileAgentOwesReply() && customer != null;
        if (pauses && messages.answer() == null) {
            return Optional.empty();
        }
        LastMessages.Said anchor =
                switch (policy.silence()) {
                    case CUSTOMER -> pauses ? messages.answer() : customer;
                    case AGENT -> within(session, messages.agent());
                    case ANYONE -> within(session, messages.anyone());
                };
        Stream<SilenceStart> message =
                Stream.ofNullable(anchor).map(said -> new SilenceStart("m" + said.index(), said.at()));
        return earliest(policy, state, snapshot)
                .map(first -> Stream.concat(finishedTransfers(state), message).reduce(first, SilenceStart::later));
    }

    private static LastMessages.@Nullable Said within(Instant session, LastMessages.@Nullable Said said) {
        return said == null || said.at().isBefore(session) ? null : said;
    }

    /** Before this, silence does not count; absent until the policy's {@code from} has happened. */
    private static Optional<SilenceStart> earliest(
            InactivityPolicy policy, InactivityState state, ConversationSnapshot snapshot) {
        return switch (policy.from()) {
            case ACCEPTED -> lastAcceptance(state);
            case FIRST_AGENT_MESSAGE ->
                heldReservations(state)
                        .flatMap(entry -> Stream.ofNullable(
                                        snapshot.firstReplies().get(entry.getKey()))
                                .map(at -> new SilenceStart(entry.getKey(), at)))
                        .min(Comparator.comparing(SilenceStart::at));
            case QUEUED ->
                state.current().stream()
                        .flatMap(
                                task -> Stream.ofNullable(task.createdAt()).map(at -> new SilenceStart(task.sid(), at)))
                        .reduce(SilenceStart::later)
                        .or(() -> lastAcceptance(state));
        };
    }

    private static Optional<SilenceStart> lastAcceptance(InactivityState state) {
        return heldReservations(state)
                .map(entry -> new SilenceStart(
                        entry.getKey(), Objects.requireNonNull(entry.getValue().acceptedAt())))
                .reduce(SilenceStart::later);
    }

    private static Stream<Map.Entry<String, ReservationWindow>> heldReservations(InactivityState state) {
        return state.held()
                .flatMap(task -> task.reservations().entrySet().stream())
                .filter(entry -> entry.getValue().isHeld());
    }

    /** A customer who waited for another agent was not silent, so silence counts from the end of the transfer. */
    private static Stream<SilenceStart> finishedTransfers(InactivityState state) {
        return state.tasks().values().stream().flatMap(task -> {
            Stream<SilenceStart> reported = Stream.ofNullable(task.transfer())
                    .map(transfer -> new SilenceStart(task.sid() + "/" + transfer.eventId(), transfer.at()));
            Stream<SilenceStart> unaccepted = Stream.ofNullable(task.wasAccepted() ? null : task.endedAt())
                    .map(end -> new SilenceStart(task.sid(), end));
            return Stream.concat(reported, unaccepted);
        });
    }
}
