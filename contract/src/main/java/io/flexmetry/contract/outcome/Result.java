package io.flexmetry.contract.outcome;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.topic.AtMost;
import java.util.List;

/** The result of a command. Each result is final: the sink retries until it has one. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "result")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Result.Written.class, name = "written"),
    @JsonSubTypes.Type(value = Result.Unchanged.class, name = "unchanged"),
    @JsonSubTypes.Type(value = Result.Late.class, name = "late"),
    @JsonSubTypes.Type(value = Result.Linked.class, name = "linked"),
    @JsonSubTypes.Type(value = Result.Changed.class, name = "changed"),
    @JsonSubTypes.Type(value = Result.Overtaken.class, name = "overtaken"),
    @JsonSubTypes.Type(value = Result.Gone.class, name = "gone"),
    @JsonSubTypes.Type(value = Result.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Result.GaveUp.class, name = "gave-up")
})
public sealed interface Result {

    /** Its name in JSON. */
    default String label() {
        return Labels.of(Result.class, this);
    }

    /**
     * The values were written in time.
     *
     * @param revision the task's version after the write
     * @param dropped keys for which there was no room in 4096 characters
     */
    record Written(
            String revision,

            @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
            List<String> dropped) implements Result {}

    /**
     * The task already had the values; nothing was written.
     *
     * @param revision the task's version that was read
     * @param dropped keys for which there was no room in 4096 characters
     */
    record Unchanged(
            String revision,

            @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
            List<String> dropped) implements Result {}

    /**
     * The values were written after the end of the reservation: Flex Insights does not read them there.
     *
     * @param revision the task's version after the write
     * @param dropped keys for which there was no room in 4096 characters
     */
    record Late(
            String revision,

            @AtMost(value = Limits.MOST_KEYS, key = Limits.MOST_KEY)
            List<String> dropped) implements Result {}

    /** A linked virtual task carries the values; {@code taskSid} is its SID. */
    record Linked(String taskSid) implements Result {}

    /** The task has the requested status or channel. */
    record Changed() implements Result {}

    /** Nothing was done, because {@code messages} arrived in the meantime, the newest first. */
    record Overtaken(@AtMost(Limits.MOST_OVERTAKING) List<MessageFact> messages) implements Result {
        public Overtaken {
            messages = messages.subList(0, Math.min(messages.size(), Limits.MOST_OVERTAKING));
        }
    }

    /** The task does not exist (any more). */
    record Gone() implements Result {}

    /** It cannot be done; {@code reason} says why. Nothing was overwritten. */
    record Refused(String reason) implements Result {
        public Refused {
            reason = Limits.cut(reason);
        }
    }

    /** All attempts failed until the time was over; {@code reason} is that of the last attempt. */
    record GaveUp(String reason) implements Result {
        public GaveUp {
            reason = Limits.cut(reason);
        }
    }
}
