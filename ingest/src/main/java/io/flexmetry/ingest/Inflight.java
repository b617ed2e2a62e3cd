package io.flexmetry.ingest;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Limits the total size of all requests that are being read or wait for Kafka, so that overload does not exhaust memory. */
final class Inflight {

    /** Memory of a request beside its body: objects, buffers of the connection, its record in the producer. */
    private static final int OVERHEAD = 4 << 10;

    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    Inflight(long most) {
        this.most = most;
    }

    /** Reserves memory for a request; empty if the limit is reached. */
    Optional<Share> open() {
        Share share = new Share();
        return share.grow(OVERHEAD) ? Optional.of(share) : Optional.empty();
    }

    long bytes() {
        return bytes.get();
    }

    /** The memory reserved for one request; used by one event loop only. */
    final class Share {
        private long held;
        private boolean released;

        /** Reserves more; false if the limit is reached. */
        boolean grow(int more) {
            if (bytes.addAndGet(more) > most) {
                bytes.addAndGet(-more);
                return false;
            }
            held += more;
            return true;
        }

        /** Releases everything; idempotent. */
        void release() {
            if (!released) {
                released = true;
                bytes.addAndGet(-held);
            }
        }
    }
}
