package io.flexmetry.contract.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code privacy} of the YAML file: what of people enters Kafka.
 *
 * @param keepBodies whether message texts do, and not only their lengths; no unless configured
 * @param hash what is replaced by a keyed hash; nothing unless configured
 */
public record PrivacyConfiguration(boolean keepBodies, Set<Kind> hash) {

    /** What tells who somebody is. */
    public enum Kind {
        /** Phone numbers, e-mail addresses, and what begins with a channel such as {@code whatsapp:}. */
        @JsonProperty("addresses")
        ADDRESSES,
        /** Chat identities, also those of agents. */
        @JsonProperty("identities")
        IDENTITIES
    }

    public PrivacyConfiguration(boolean keepBodies, @Nullable Set<Kind> hash) {
        this.keepBodies = keepBodies;
        this.hash = hash == null ? Set.of() : Set.copyOf(hash);
    }
}
