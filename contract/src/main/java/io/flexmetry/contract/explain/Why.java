package io.flexmetry.contract.explain;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why something does not count. */
public enum Why {
    /** A message was removed. */
    @JsonProperty("removed")
    REMOVED,
    /** A message is not in Twilio's list, and nobody told it otherwise. */
    @JsonProperty("unlisted")
    UNLISTED,
    /** The author is no participant. */
    @JsonProperty("system")
    SYSTEM,
    /** The author only greets. */
    @JsonProperty("greeter")
    GREETER,
    /** The author is a supervisor. */
    @JsonProperty("supervisor")
    SUPERVISOR,
    /** The author is an agent who has no reservation at that time, and had none before. */
    @JsonProperty("no-reservation")
    NO_RESERVATION,
    /** No reservation is open at that time. */
    @JsonProperty("outside")
    OUTSIDE,
    /** It was before the acceptance. */
    @JsonProperty("before-acceptance")
    BEFORE_ACCEPTANCE,
    /** It was after the wrap-up, or the end where there is none. */
    @JsonProperty("after-wrap-up")
    AFTER_WRAP_UP,
    /** A bot answered it before an agent accepted. */
    @JsonProperty("answered-by-bot")
    ANSWERED_BY_BOT,
    /** An agent answered it who had no reservation that it could belong to, before another one accepted. */
    @JsonProperty("answered-by-agent")
    ANSWERED_BY_AGENT,
    /** The last open task ended before an agent accepted. */
    @JsonProperty("other-session")
    OTHER_SESSION,
    /** It waits for an agent to accept. */
    @JsonProperty("waiting")
    WAITING,
    /** A wait that another agent's message ended. */
    @JsonProperty("another-agent")
    ANOTHER_AGENT,
    /** A wait that nobody ended before the reservation closed. */
    @JsonProperty("no-reply")
    NO_REPLY,
    /** A wait that lasts: the reservation is open and nobody has replied. No average has it yet. */
    @JsonProperty("running")
    RUNNING,
    /** The sample plugin drops the first one. */
    @JsonProperty("first-dropped")
    FIRST_DROPPED,
    /** An offer that was not accepted. */
    @JsonProperty("not-accepted")
    NOT_ACCEPTED,
    /** The end of a task while another one is open. */
    @JsonProperty("another-task-open")
    ANOTHER_TASK_OPEN,
    /** Colleagues talk to each other. */
    @JsonProperty("internal")
    INTERNAL,
    /** Tasks of that channel get no message metrics, or it is not known. */
    @JsonProperty("other-channel")
    OTHER_CHANNEL,
    /** The task has no conversation, or none that was named yet. */
    @JsonProperty("no-conversation")
    NO_CONVERSATION,
    /** Nothing of the conversation or call is known any more, or yet. */
    @JsonProperty("forgotten")
    FORGOTTEN,
    /** The reservation is open, and its events have named no call of the agent's yet. */
    @JsonProperty("no-call-yet")
    NO_CALL_YET,
    /** The task named no call of the agent's. */
    @JsonProperty("no-agent-call")
    NO_AGENT_CALL,
    /** The call is not of the Voice SDK: a phone or SIP agent. */
    @JsonProperty("not-an-sdk-leg")
    NOT_AN_SDK_LEG,
    /** Twilio refused the samples, because the account does not have what it takes. */
    @JsonProperty("not-enabled")
    NOT_ENABLED,
    /** Twilio knows the call and had no samples until the end of waiting. */
    @JsonProperty("no-samples")
    NO_SAMPLES,
    /** Shorter than ten seconds: there is no sample. */
    @JsonProperty("call-too-short")
    CALL_TOO_SHORT,
    /** Twilio refused the look-up. */
    @JsonProperty("refused")
    REFUSED,
    /** Twilio did not answer until the end of waiting. */
    @JsonProperty("gave-up")
    GAVE_UP,
    /** The agent's work on the call is not over: Twilio is asked after that. */
    @JsonProperty("call-lasts")
    CALL_LASTS,
    /** Twilio is asked later, or once more. */
    @JsonProperty("look-up-later")
    LOOK_UP_LATER,
    /** Twilio has been asked, and has not answered yet. */
    @JsonProperty("look-up-under-way")
    LOOK_UP_UNDER_WAY,
    /** Samples none of which has a score. */
    @JsonProperty("no-score")
    NO_SCORE,
    /** As many samples or more came on another way. */
    @JsonProperty("fewer-samples")
    FEWER_SAMPLES
}
