package io.flexmetry.sink.voice;

import com.twilio.exception.ApiException;
import io.flexmetry.contract.command.ListCallMetrics;
import io.flexmetry.contract.outcome.CallOutcome;
import io.flexmetry.contract.outcome.CallOutcome.Ending;
import io.flexmetry.sink.twilio.InsightsApi;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Looks up the voice quality of a call. */
public final class CallMetricsLister {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final InsightsApi insights;
    private final BooleanSupplier authorised;

    /**
     * Creates the look-up.
     *
     * @param authorised whether Twilio accepts our credentials for other requests
     */
    public CallMetricsLister(InsightsApi insights, BooleanSupplier authorised) {
        this.insights = insights;
        this.authorised = authorised;
    }

    /**
     * One attempt. If Twilio accepts our credentials elsewhere, a refusal means that the feature is not enabled, and is
     * final.
     */
    public Ending measure(ListCallMetrics command) {
        try {
            return new CallOutcome.Measured(
                    insights.samples(command.callSid(), command.edge()), insights.describe(command.callSid()));
        } catch (ApiException e) {
            int status = Objects.requireNonNullElse(e.getStatusCode(), 0);
            if (status == FORBIDDEN || (status == UNAUTHORIZED && authorised.getAsBoolean())) {
                return new CallOutcome.NotEnabled(
                        "Twilio answered " + status + " code " + e.getCode() + ": " + e.getMessage());
            }
            throw e;
        }
    }
}
