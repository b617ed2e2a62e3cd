package io.flexmetry.contract.explain;

import io.flexmetry.contract.metric.Metric;
import io.flexmetry.contract.voice.CallDescription;
import io.flexmetry.contract.voice.CallMeans;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The voice quality of a call, and its sources.
 *
 * @param edge edge whose samples count, such as {@code sdk_edge}
 * @param samples sums over the samples, one entry per source; at most one counts
 * @param summary Twilio's means of the whole call; absent if not received; counts only without samples
 * @param call type, duration and region of the call; absent if not received
 * @param values existing metrics
 * @param lookups number of look-ups so far
 * @param nextLookupAt time of the next look-up; absent if there is none
 * @param giveUpAt when waiting for numbers ends; absent until the agent's work is over
 * @param settledAt when the numbers, or their absence, became final, our clock; absent until then
 * @param why why there is no number, or none yet; absent if there is one
 * @param detail Twilio's message for that reason, if any
 */
public record ExplainedSound(
        String edge,
        List<ExplainedSamples> samples,
        @Nullable CallMeans summary,
        @Nullable CallDescription call,
        Map<Metric, BigDecimal> values,
        int lookups,
        @Nullable Instant nextLookupAt,
        @Nullable Instant giveUpAt,
        @Nullable Instant settledAt,
        @Nullable Why why,
        @Nullable String detail) {}
