package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code privacy} of the YAML file: what of people enters Kafka, and what of them is shown.
 *
 * @param keepBodies whether message texts do, and not only their lengths; no unless configured
 * @param hash what is replaced by a keyed hash; nothing unless configured
 * @param workerNames whether the console names workers; it does unless configured
 */
public record PrivacyConfiguration(boolean keepBodies, Set<Kind> hash, WorkerNames workerNames) {

    /** What tells who somebody is. */
    public enum Kind {
        /** Phone numbers, e-mail addresses, and what begins with a channel such as {@code whatsapp:}. */
        @JsonProperty("addresses")
        ADDRESSES,
        /** Chat identities, also those of agents. */
        @JsonProperty("identities")
        IDENTITIES
    }

    /** By what the console calls workers. */
    public enum WorkerNames {
        /** Their names and identities. */
        @JsonProperty("shown")
        SHOWN,
        /** The end of a SID. */
        @JsonProperty("hidden")
        HIDDEN
    }

    public PrivacyConfiguration(boolean keepBodies, @Nullable Set<Kind> hash, @Nullable WorkerNames workerNames) {
        this.keepBodies = keepBodies;
        this.hash = hash == null ? Set.of() : Set.copyOf(hash);
        this.workerNames = workerNames == null ? WorkerNames.SHOWN : workerNames;
    }
}
