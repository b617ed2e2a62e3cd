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
 * @param attributesTold whether the event tells the participant's attributes. Event Streams leave them out: then an absent
 *     {@code declaredType} says nothing, otherwise it says that the attributes name no type
 * @param chatServiceSid IS… of the conversation's service; absent where the event does not name it
 */
public record ParticipantFact(
        Change change,
        String conversationSid,
        String participantSid,
        @Nullable String identity,
        @Nullable String address,
        @Nullable String declaredType,
        Boolean attributesTold,
        @Nullable String chatServiceSid)
        implements Fact {

    /** The same, where an older event does not say whether attributes were told: they were if they named a type. */
    public ParticipantFact(
            Change change,
            String conversationSid,
            String participantSid,
            @Nullable String identity,
            @Nullable String address,
            @Nullable String declaredType,
            @Nullable Boolean attributesTold,
            @Nullable String chatServiceSid) {
        this.change = change;
        this.conversationSid = conversationSid;
        this.participantSid = participantSid;
        this.identity = identity;
        this.address = address;
        this.declaredType = declaredType;
        this.attributesTold = attributesTold == null ? declaredType != null : attributesTold;
        this.chatServiceSid = chatServiceSid;
    }

    /** A participant of which is not told to which service its conversation belongs. */
    public ParticipantFact(
            Change change,
            String conversationSid,
            String participantSid,
            @Nullable String identity,
            @Nullable String address,
            @Nullable String declaredType,
            @Nullable Boolean attributesTold) {
        this(change, conversationSid, participantSid, identity, address, declaredType, attributesTold, null);
    }

    /** The same, whose attributes were told if they named a type. */
    public ParticipantFact(
            Change change,
            String conversationSid,
            String participantSid,
            @Nullable String identity,
            @Nullable String address,
            @Nullable String declaredType) {
        this(change, conversationSid, participantSid, identity, address, declaredType, null);
    }

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
