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
 * @param address the binding's address, of participants on SMS, WhatsApp and the like
 * @param declaredType type from the participant's attributes: {@code type} of an interaction participant, or {@code member_type} of
 *     legacy chat
 * @param attributesTold whether the event contains the participant's attributes. Event Streams omit them: then an absent {@code
 *     declaredType} means unknown, otherwise it means that the attributes have no type
 * @param chatServiceSid IS… of the conversation's service; absent if the event does not name it
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

    /** Reads events of earlier versions without {@code attributesTold}: they contain attributes if there is a type. */
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

    /** A participant of a conversation whose service is unknown. */
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

    /** A participant whose attributes are known if there is a type. */
    public ParticipantFact(
            Change change,
            String conversationSid,
            String participantSid,
            @Nullable String identity,
            @Nullable String address,
            @Nullable String declaredType) {
        this(change, conversationSid, participantSid, identity, address, declaredType, null);
    }

    /** Changes of a participant. */
    public enum Change {
        @JsonProperty("added")
        ADDED,
        @JsonProperty("updated")
        UPDATED,
        @JsonProperty("removed")
        REMOVED
    }
}
