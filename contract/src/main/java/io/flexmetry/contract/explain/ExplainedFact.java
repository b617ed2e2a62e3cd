package io.flexmetry.contract.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One fact of a conversation, and whether it counts.
 *
 * @param at effective time in the metrics: a message is never earlier than its predecessor
 * @param what kind of the fact
 * @param change what happened
 * @param who author, identity or address; on reservations the worker's name
 * @param role role of that person in the conversation
 * @param evidence how the role was determined
 * @param workerSid WK… of a known agent
 * @param index index of a message
 * @param sid SID of the reservation, task or participant; on messages MB… of the author
 * @param length length of a message's text, UTF-16 code units; absent without text
 * @param media number of attached files of a message
 * @param belongsTo WR… of the reservation for which a message counts; if a bot's message is in several windows, the first one
 * @param counts whether a metric uses it
 * @param why why it does not count
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

    /** A copy with another name. */
    public ExplainedFact withWho(@Nullable String other) {
        return new ExplainedFact(
                at, what, change, other, role, evidence, workerSid, index, sid, length, media, belongsTo, counts, why);
    }

    /** Kinds of facts. */
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

    /** What happened. The state keeps the result of a message's changes, not each change. */
    public enum Change {
        /** A message was sent and still exists. */
        @JsonProperty("sent")
        SENT,
        /** A message was sent, and removed later. */
        @JsonProperty("removed")
        REMOVED,
        /** A look-up did not find the message in Twilio's list. */
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
        /** The earliest known event of a task. */
        @JsonProperty("opened")
        OPENED,
        /** The newest known event of a participant. */
        @JsonProperty("told")
        TOLD
    }

    /** Roles of authors in a conversation. */
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

    /** How a role was determined, strongest first. */
    public enum Evidence {
        /** The participant's attributes. */
        @JsonProperty("participant-attributes")
        PARTICIPANT_ATTRIBUTES,
        /** The author is a worker's chat identity or name. */
        @JsonProperty("worker-identity")
        WORKER_IDENTITY,
        /** The author matches the configured {@code greeters}. */
        @JsonProperty("greeters")
        GREETERS,
        /** The author matches the configured {@code bots}. */
        @JsonProperty("bots")
        BOTS,
        /** The author is a participant, and nothing else is known. */
        @JsonProperty("participant")
        PARTICIPANT,
        /** The author is not a participant. */
        @JsonProperty("no-participant")
        NO_PARTICIPANT
    }
}
