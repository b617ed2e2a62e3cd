package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.NewestMessageFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.StepFact;
import io.flexmetry.contract.outcome.ConversationOutcome;
import io.flexmetry.contract.outcome.ConversationOutcome.Ending;
import io.flexmetry.contract.outcome.ConversationOutcome.GaveUp;
import io.flexmetry.contract.outcome.ConversationOutcome.Listed;
import io.flexmetry.contract.outcome.ConversationOutcome.Overtaken;
import io.flexmetry.contract.outcome.ConversationOutcome.Posted;
import io.flexmetry.contract.outcome.ConversationOutcome.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were looked up or found become events like those of the missing webhooks. The outcome of an escalation step
 * comes after the messages that it found.
 */
final class LookedUp {

    private LookedUp() {}

    static List<Event> events(ConversationOutcome outcome) {
        List<Event> events = new ArrayList<>();
        if (outcome.found() instanceof Listed listed) {
            if (listed.fromIndex() < 0
                    || listed.toIndex() - listed.fromIndex() >= ConversationProcessor.MOST_LOOKED_UP
                    || listed.toIndex() == Long.MAX_VALUE) {
                throw new IllegalArgumentException("Expected outcome " + outcome.commandId() + " to list at most "
                        + ConversationProcessor.MOST_LOOKED_UP + " messages but it lists "
                        + listed.fromIndex() + " to " + listed.toIndex());
            }
            Set<Long> found = new HashSet<>();
            for (MessageFact message : listed.messages()) {
                found.add(message.index());
                events.add(event(outcome, message));
            }
            for (long index = listed.fromIndex(); index <= listed.toIndex(); index++) {
                if (!found.contains(index)) {
                    events.add(event(outcome, unlisted(outcome.conversationSid(), index)));
                }
            }
            String reservationSid = LookUpId.reservationSid(outcome.conversationSid(), outcome.commandId());
            if (reservationSid != null) {
                NewestMessageFact fact = new NewestMessageFact(outcome.conversationSid(), reservationSid);
                events.add(new Event(
                        outcome.commandId(), "message.newest", outcome.at(), outcome.at(), Source.PROCESSORS, fact));
            }
            return events;
        }
        Long index = null;
        if (outcome.found() instanceof Posted posted) {
            events.add(event(outcome, posted.message()));
            index = posted.message().index();
        }
        if (outcome.found() instanceof Overtaken overtaken) {
            overtaken.messages().forEach(message -> events.add(event(outcome, message)));
        }
        if (LookUpId.isLookUp(outcome.conversationSid(), outcome.commandId())) {
            return events;
        }
        events.add(Event.settled(
                new StepFact(
                        outcome.conversationSid(),
                        outcome.commandId(),
                        outcome.conversationSid(),
                        outcome.found().label(),
                        index,
                        reason(outcome.found())),
                outcome.at()));
        return events;
    }

    private static @Nullable String reason(Ending ending) {
        if (ending instanceof Refused refused) {
            return refused.reason();
        }
        return ending instanceof GaveUp gaveUp ? gaveUp.reason() : null;
    }

    /** Higher indexes exist, so the message did. It was removed, or the list lags behind and its webhook will come. */
    private static MessageFact unlisted(String conversationSid, long index) {
        return new MessageFact(
                MessageFact.Change.UNLISTED,
                conversationSid,
                conversationSid + "/" + index,
                index,
                Instant.EPOCH,
                "system",
                null,
                null,
                0,
                null);
    }

    private static Event event(ConversationOutcome outcome, MessageFact message) {
        return Event.found(message, outcome.commandId(), outcome.at());
    }
}
