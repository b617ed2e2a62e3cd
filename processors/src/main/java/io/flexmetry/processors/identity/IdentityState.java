package io.flexmetry.processors.identity;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an identity.
 *
 * @param workerSid WK… whose it is; absent while nobody said so
 * @param waiting conversations that want to know
 * @param askedAt when the last of them asked, our clock
 */
record IdentityState(@Nullable String workerSid, Set<String> waiting, Instant askedAt) {

    static final IdentityState NEW = new IdentityState(null, Set.of(), Instant.EPOCH);

    /** Of two claims the same one wins in any order. */
    IdentityState withWorker(String other) {
        return new IdentityState(
                workerSid == null || other.compareTo(workerSid) < 0 ? other : workerSid, waiting, askedAt);
    }

    IdentityState withWaiting(String conversationSid, Instant now) {
        Set<String> all = new TreeSet<>(waiting);
        all.add(conversationSid);
        return new IdentityState(workerSid, all, now);
    }
}
