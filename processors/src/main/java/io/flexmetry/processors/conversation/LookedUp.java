package io.flexmetry.processors.conversation;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.outcome.MessagesOutcome;
import io.flexmetry.contract.outcome.MessagesOutcome.Listed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Messages that were looked up become events like those of the webhooks that have not come. */
final class LookedUp {

    private LookedUp() {}

    static List<Event> events(MessagesOutcome outcome) {
        List<Event> events = new ArrayList<>();
        if (outcome.found() instanceof Listed listed) {
            Set<Long> found = new HashSet<>();
            for (MessageFact message : listed.messages()) {
                found.add(message.index());
                events.add(event(outcome, message));
            }
            for (long index = listed.fromIndex(); index <= listed.toIndex(); index++) {
                if (!found.contains(index)) {
                    events.add(event(outcome, removed(outcome.conversationSid(), index)));
                }
            }
        }
        return events;
    }

    /** Higher ones exist, so it did; Twilio does not list it, so it was taken back. */
    private static MessageFact removed(String conversationSid, long index) {
        return new MessageFact(
                MessageFact.Change.REMOVED,
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

    private static Event event(MessagesOutcome outcome, MessageFact message) {
        String id = message.messageSid() + "/looked-up/" + outcome.commandId();
        return new Event(id, "message.looked-up", message.createdAt(), outcome.at(), Source.PROCESSORS, message);
    }
}
