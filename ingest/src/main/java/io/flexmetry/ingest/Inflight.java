package io.flexmetry.ingest;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes of all request bodies that are being read or wait for Kafka, so that overload costs no memory. */
final class Inflight {

    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    Inflight(long most) {
        this.most = most;
    }

    /** The part of one request. */
    Share open() {
        return new Share();
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
