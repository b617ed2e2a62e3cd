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
 */
public record FocusFact(
        Change change,
        String workerSid,
        String tabId,
        long sequence,
        @Nullable String reservationSid,
        @Nullable String taskSid)
        implements Fact {

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
