package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code privacy} of the YAML file: which personal data enters Kafka, and what is shown.
 *
 * @param keepBodies whether message texts enter Kafka, and not only their lengths; default false
 * @param hash what is replaced by a keyed hash; default nothing
 * @param workerNames whether the console shows workers' names; default shown
 */
public record PrivacyConfiguration(boolean keepBodies, Set<Kind> hash, WorkerNames workerNames) {

    /** Kinds of personal data. */
    public enum Kind {
        /** Phone numbers, e-mail addresses, and texts with a channel prefix such as {@code whatsapp:}. */
        @JsonProperty("addresses")
        ADDRESSES,
        /** Chat identities, including those of agents. */
        @JsonProperty("identities")
        IDENTITIES
    }

    /** How the console shows workers. */
    public enum WorkerNames {
        /** By name and identity. */
        @JsonProperty("shown")
        SHOWN,
        /** By the end of their SID. */
        @JsonProperty("hidden")
        HIDDEN
    }

    public PrivacyConfiguration(boolean keepBodies, @Nullable Set<Kind> hash, @Nullable WorkerNames workerNames) {
        this.keepBodies = keepBodies;
        this.hash = hash == null ? Set.of() : Set.copyOf(hash);
        this.workerNames = workerNames == null ? WorkerNames.SHOWN : workerNames;
    }
}
