package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The content of an {@link Event}. The JSON property {@code kind} names the record. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ReservationFact.class, name = "reservation"),
    @JsonSubTypes.Type(value = TaskFact.class, name = "task"),
    @JsonSubTypes.Type(value = WorkerFact.class, name = "worker"),
    @JsonSubTypes.Type(value = MessageFact.class, name = "message"),
    @JsonSubTypes.Type(value = ParticipantFact.class, name = "participant"),
    @JsonSubTypes.Type(value = ConversationFact.class, name = "conversation"),
    @JsonSubTypes.Type(value = CallFact.class, name = "call"),
    @JsonSubTypes.Type(value = ConferenceFact.class, name = "conference"),
    @JsonSubTypes.Type(value = CallSampleFact.class, name = "call-sample"),
    @JsonSubTypes.Type(value = CallSummaryFact.class, name = "call-summary"),
    @JsonSubTypes.Type(value = FocusFact.class, name = "focus"),
    @JsonSubTypes.Type(value = AuthorFact.class, name = "author"),
    @JsonSubTypes.Type(value = NewestMessageFact.class, name = "newest-message"),
    @JsonSubTypes.Type(value = MarkerFact.class, name = "marker"),
    @JsonSubTypes.Type(value = StepFact.class, name = "step"),
    @JsonSubTypes.Type(value = UnrecognisedFact.class, name = "unrecognised")
})
public sealed interface Fact
        permits ReservationFact,
                TaskFact,
                WorkerFact,
                MessageFact,
                ParticipantFact,
                ConversationFact,
                CallFact,
                ConferenceFact,
                CallSampleFact,
                CallSummaryFact,
                FocusFact,
                AuthorFact,
                NewestMessageFact,
                MarkerFact,
                StepFact,
                UnrecognisedFact {}
