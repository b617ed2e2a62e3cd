package io.flexmetry.ingest;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes of all requests that are being read or wait for Kafka, so that overload costs no memory. */
final class Inflight {

    /** What a request holds beside its body: objects, its connection's buffers, its record at the producer. */
    private static final int OVERHEAD = 4 << 10;

    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    Inflight(long most) {
        this.most = most;
    }

    /** The part of one request; absent if it would be too much for all together. */
    Optional<Share> open() {
        Share share = new Share();
        return share.grow(OVERHEAD) ? Optional.of(share) : Optional.empty();
    }

    long bytes() {
        return bytes.get();
    }

    /** What one request holds; it is used by one event loop only. */
    final class Share {
        private long held;
        private boolean released;

        /** Takes more, unless that would be too much for all together. */
        boolean grow(int more) {
            if (bytes.addAndGet(more) > most) {
                bytes.addAndGet(-more);
                return false;
            }
            held += more;
            return true;
        }

        /** Gives back all; once. */
        void release() {
            if (!released) {
                released = true;
                bytes.addAndGet(-held);
            }
        }
    }
}
