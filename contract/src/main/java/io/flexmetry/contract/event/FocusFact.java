package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a worker had on screen, told by the beacon in the browser. That the reservation is the worker's own is not
 * checked here.
 *
 * @param change what happened in the tab
 * @param workerSid WK…; the token's, not the client's word
 * @param tabId one browser tab
 * @param sequence rises by one with each event of the tab
 * @param reservationSid WR… that is selected; absent when none is
 * @param taskSid WT… of it
 * @param clocksApart receipt of the batch minus its sending by the client's clock, milliseconds: how far the clocks are apart, and
 *     how long the batch was under way; absent in events of before
 */
public record FocusFact(
        Change change,
        String workerSid,
        String tabId,
        long sequence,
        @Nullable String reservationSid,
        @Nullable String taskSid,
        @Nullable Long clocksApart)
        implements Fact {

    /** The same, where it is not known how long it was under way. */
    public FocusFact(
            Change change,
            String workerSid,
            String tabId,
            long sequence,
            @Nullable String reservationSid,
            @Nullable String taskSid) {
        this(change, workerSid, tabId, sequence, reservationSid, taskSid, null);
    }

    /** What can happen in a tab. */
    public enum Change {
        @JsonProperty("select")
        SELECT,
        @JsonProperty("deselect")
        DESELECT,
        @JsonProperty("hidden")
        HIDDEN,
        @JsonProperty("visible")
        VISIBLE,
        @JsonProperty("unload")
        UNLOAD,
        @JsonProperty("heartbeat")
        HEARTBEAT
    }
}
