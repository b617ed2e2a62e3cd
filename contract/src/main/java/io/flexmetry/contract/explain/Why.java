package io.flexmetry.contract.explain;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why something does not count. */
public enum Why {
    /** A message was removed. */
    @JsonProperty("removed")
    REMOVED,
    /** Twilio's list does not contain the message, and no other event contradicts it. */
    @JsonProperty("unlisted")
    UNLISTED,
    /** The author is not a participant. */
    @JsonProperty("system")
    SYSTEM,
    /** The author is a greeter. */
    @JsonProperty("greeter")
    GREETER,
    /** The author is a supervisor. */
    @JsonProperty("supervisor")
    SUPERVISOR,
    /** The author is an agent without a reservation at that time or before. */
    @JsonProperty("no-reservation")
    NO_RESERVATION,
    /** No reservation is open at that time. */
    @JsonProperty("outside")
    OUTSIDE,
    /** Before the acceptance. */
    @JsonProperty("before-acceptance")
    BEFORE_ACCEPTANCE,
    /** After the wrap-up, or after the end if there was no wrap-up. */
    @JsonProperty("after-wrap-up")
    AFTER_WRAP_UP,
    /** A bot answered it before an agent accepted. */
    @JsonProperty("answered-by-bot")
    ANSWERED_BY_BOT,
    /** Before an agent accepted, it was answered by an agent without a matching reservation. */
    @JsonProperty("answered-by-agent")
    ANSWERED_BY_AGENT,
    /** Before an agent accepted, the last open task ended. */
    @JsonProperty("other-session")
    OTHER_SESSION,
    /** No agent has accepted yet. */
    @JsonProperty("waiting")
    WAITING,
    /** Another agent's message ended the wait. */
    @JsonProperty("another-agent")
    ANOTHER_AGENT,
    /** The reservation closed before anybody replied. */
    @JsonProperty("no-reply")
    NO_REPLY,
    /** The wait still lasts: the reservation is open and nobody has replied. Averages do not include it yet. */
    @JsonProperty("running")
    RUNNING,
    /** The sample plugin drops the first wait. */
    @JsonProperty("first-dropped")
    FIRST_DROPPED,
    /** The offer was not accepted. */
    @JsonProperty("not-accepted")
    NOT_ACCEPTED,
    /** Another task was open when the task ended. */
    @JsonProperty("another-task-open")
    ANOTHER_TASK_OPEN,
    /** Internal chat between colleagues. */
    @JsonProperty("internal")
    INTERNAL,
    /** Tasks of that channel have no message metrics, or the channel is unknown. */
    @JsonProperty("other-channel")
    OTHER_CHANNEL,
    /** The task has no conversation, or none is known yet. */
    @JsonProperty("no-conversation")
    NO_CONVERSATION,
    /** The state of the conversation or call does not exist yet, or has expired. */
    @JsonProperty("forgotten")
    FORGOTTEN,
    /** The reservation is open, and no event has named a call of the agent yet. */
    @JsonProperty("no-call-yet")
    NO_CALL_YET,
    /** No event of the task named a call of the agent. */
    @JsonProperty("no-agent-call")
    NO_AGENT_CALL,
    /** The call does not use the Voice SDK: the agent uses a phone or SIP. */
    @JsonProperty("not-an-sdk-leg")
    NOT_AN_SDK_LEG,
    /** Twilio refused the samples, because the account lacks the required product. */
    @JsonProperty("not-enabled")
    NOT_ENABLED,
    /** Twilio returned no samples until the waiting time was over. */
    @JsonProperty("no-samples")
    NO_SAMPLES,
    /** The call lasted less than ten seconds, so there is no sample. */
    @JsonProperty("call-too-short")
    CALL_TOO_SHORT,
    /** Twilio refused the look-up. */
    @JsonProperty("refused")
    REFUSED,
    /** Twilio did not respond until the waiting time was over. */
    @JsonProperty("gave-up")
    GAVE_UP,
    /** The agent's work on the call is not over; the look-up follows. */
    @JsonProperty("call-lasts")
    CALL_LASTS,
    /** A look-up, or another one, is scheduled. */
    @JsonProperty("look-up-later")
    LOOK_UP_LATER,
    /** A look-up is in flight. */
    @JsonProperty("look-up-under-way")
    LOOK_UP_UNDER_WAY,
    /** No sample has a score. */
    @JsonProperty("no-score")
    NO_SCORE,
    /** Another source delivered as many samples or more. */
    @JsonProperty("fewer-samples")
    FEWER_SAMPLES
}
