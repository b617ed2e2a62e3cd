package io.flexmetry.contract.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a worker had on screen, sent by the beacon in the browser. Ingest does not check that the reservation belongs to the worker.
 *
 * @param change what happened in the tab
 * @param workerSid WK…, taken from the token and not from the client's data
 * @param tabId id of the browser tab
 * @param sequence rises by one with each event of the tab
 * @param reservationSid WR… of the selected reservation; absent if none is selected
 * @param taskSid WT… of the selected reservation
 * @param clocksApart time of receipt (our clock) minus time of sending (the client's clock) of the batch, milliseconds: the difference
 *     of the clocks plus the network latency; absent in events of earlier versions
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

    /** An event whose {@code clocksApart} is unknown. */
    public FocusFact(
            Change change,
            String workerSid,
            String tabId,
            long sequence,
            @Nullable String reservationSid,
            @Nullable String taskSid) {
        this(change, workerSid, tabId, sequence, reservationSid, taskSid, null);
    }

    /** What happened in a tab. */
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
