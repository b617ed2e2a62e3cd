package io.flexmetry.console.floor;

import io.flexmetry.contract.explain.ExplainedFact;
import io.flexmetry.contract.explain.ExplainedFact.Evidence;
import io.flexmetry.contract.explain.Explanation;
import io.flexmetry.contract.floor.WorkerStatus;
import io.flexmetry.contract.metric.ReservationMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Replaces people's names where {@code privacy.workerNames} hides them. The pseudonym is the end of a SID, which is the
 * same wherever the person appears.
 */
public final class Pseudonyms {

    private static final int KIND = 2;
    private static final int END = 6;

    /** The author of Twilio's own messages. */
    private static final String SYSTEM = "system";

    private static final String UNKNOWN = "hidden";

    private Pseudonyms() {}

    /** The pseudonym of a SID, such as {@code WK…1a2b3c}. */
    static String of(String sid) {
        return sid.length() <= KIND + END ? sid : sid.substring(0, KIND) + "…" + sid.substring(sid.length() - END);
    }

    /** The row with the worker's pseudonym, whether it has a name or not. */
    static ReservationMetrics of(ReservationMetrics row) {
        return row.withWorkerName(of(row.workerSid()));
    }

    /** The status with the worker's pseudonym, whether it has a name or not. */
    static WorkerStatus of(WorkerStatus worker) {
        return worker.withName(of(worker.workerSid()));
    }

    /**
     * The explanation without names. Only bots and greeters, which are named in the configuration, and Twilio's system
     * keep their names. An author who counts as a customer or as nobody may still be a worker for whom no event has
     * come yet.
     */
    public static Explanation of(Explanation explanation) {
        return explanation.withFacts(
                explanation.facts().stream().map(Pseudonyms::of).toList());
    }

    private static ExplainedFact of(ExplainedFact fact) {
        return isNobody(fact) ? fact : fact.withWho(pseudonym(fact));
    }

    private static boolean isNobody(ExplainedFact fact) {
        return fact.who() == null
                || fact.evidence() == Evidence.BOTS
                || fact.evidence() == Evidence.GREETERS
                || (fact.evidence() == Evidence.NO_PARTICIPANT && SYSTEM.equals(fact.who()));
    }

    private static String pseudonym(ExplainedFact fact) {
        @Nullable String sid = fact.workerSid() == null ? fact.sid() : fact.workerSid();
        return sid == null ? UNKNOWN : of(sid);
    }
}
