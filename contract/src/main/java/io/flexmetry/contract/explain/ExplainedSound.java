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
 * How a call sounded, and by what that is known.
 *
 * @param edge where samples count that are measured there, such as {@code sdk_edge}
 * @param samples what was measured, by the way on which it came; at most one is counted
 * @param summary Twilio's own means of the whole call, if it told them; counted where no samples are
 * @param call what the call was like, if that was told
 * @param values numbers that exist
 * @param lookups how often Twilio was asked
 * @param nextLookupAt when it is asked next; absent where it is not
 * @param giveUpAt until when numbers are waited for; absent until the agent's work is over
 * @param settledAt when it was decided that these are the numbers, or that there are none, our clock; absent until then
 * @param why there is no number, or none yet; absent where there is one
 * @param detail what Twilio said to that, if it did
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
