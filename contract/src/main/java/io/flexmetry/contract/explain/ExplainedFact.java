package io.flexmetry.contract.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is known of a conversation, and whether it counts.
 *
 * @param at when, as the numbers take it: a message is never before the one in front of it
 * @param what it is about
 * @param change what happened
 * @param who author, identity or address; of a reservation its worker's name
 * @param role that person's in the conversation
 * @param evidence by which the role is known
 * @param workerSid WK… of an agent who is known
 * @param index of a message
 * @param sid of the reservation, task or participant; of a message its author's MB…
 * @param length of a message's text, UTF-16 code units; absent without text
 * @param media attached files of a message
 * @param belongsTo WR… of the reservation that a message counts for; of a bot's message in several windows the first
 * @param counts whether a number is made of it
 * @param why it does not count
 */
public record ExplainedFact(
        Instant at,
        What what,
        Change change,
        @Nullable String who,
        @Nullable Role role,
        @Nullable Evidence evidence,
        @Nullable String workerSid,
        @Nullable Long index,
        @Nullable String sid,
        @Nullable Integer length,
        @Nullable Integer media,
        @Nullable String belongsTo,
        boolean counts,
        @Nullable Why why) {

    /** The same about somebody of another name. */
    public ExplainedFact withWho(@Nullable String other) {
        return new ExplainedFact(
                at, what, change, other, role, evidence, workerSid, index, sid, length, media, belongsTo, counts, why);
    }

    /** What a fact is about. */
    public enum What {
        @JsonProperty("message")
        MESSAGE,
        @JsonProperty("reservation")
        RESERVATION,
        @JsonProperty("task")
        TASK,
        @JsonProperty("participant")
        PARTICIPANT
    }

    /** What happened. State keeps the outcome of a message's changes, and not each of them. */
    public enum Change {
        /** A message was sent, and is there. */
        @JsonProperty("sent")
        SENT,
        /** A message was sent, and removed at some time. */
        @JsonProperty("removed")
        REMOVED,
        /** A message was looked up, and Twilio's list did not have it. */
        @JsonProperty("unlisted")
        UNLISTED,
        /** The agent accepted the reservation. */
        @JsonProperty("accepted")
        ACCEPTED,
        /** The reservation went to wrap-up. */
        @JsonProperty("wrapup")
        WRAPUP,
        /** The reservation or task ended. */
        @JsonProperty("ended")
        ENDED,
        /** The earliest word of a task. */
        @JsonProperty("opened")
        OPENED,
        /** The newest word of a participant. */
        @JsonProperty("told")
        TOLD
    }

    /** What an author is in the conversation. */
    public enum Role {
        @JsonProperty("agent")
        AGENT,
        @JsonProperty("supervisor")
        SUPERVISOR,
        @JsonProperty("bot")
        BOT,
        @JsonProperty("customer")
        CUSTOMER,
        @JsonProperty("system")
        SYSTEM
    }

    /** How it is known, strongest first. */
    public enum Evidence {
        /** The participant's own attributes say so. */
        @JsonProperty("participant-attributes")
        PARTICIPANT_ATTRIBUTES,
        /** It is a worker's chat identity or name. */
        @JsonProperty("worker-identity")
        WORKER_IDENTITY,
        /** The configuration has it among the {@code greeters}. */
        @JsonProperty("greeters")
        GREETERS,
        /** The configuration has it among the {@code bots}. */
        @JsonProperty("bots")
        BOTS,
        /** It is a participant of whom nothing else is known. */
        @JsonProperty("participant")
        PARTICIPANT,
        /** It is no participant. */
        @JsonProperty("no-participant")
        NO_PARTICIPANT
    }
}
