package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A participant joined, changed or left a conversation.
 *
 * @param change what happened
 * @param conversationSid CH…
 * @param participantSid MB…
 * @param identity chat identity, of participants who use an SDK
 * @param address the binding's address, of participants on sms, WhatsApp and the like
 * @param declaredType what the participant's own attributes say: {@code type} of an interaction participant, or
 *     {@code member_type} of legacy chat
 */
public record ParticipantFact(
        Change change,
        String conversationSid,
        String participantSid,
        @Nullable String identity,
        @Nullable String address,
        @Nullable String declaredType)
        implements Fact {

    /** What can happen to a participant. */
    public enum Change {
        @JsonProperty("added")
        ADDED,
        @JsonProperty("updated")
        UPDATED,
        @JsonProperty("removed")
        REMOVED
    }
}
