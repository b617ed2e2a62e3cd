package io.flexmetry.ingest.beacon;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Limits the rate of token validations at Twilio with token buckets, one per remote address and one for all. Successful validations are
 * refunded, so that many agents who log in behind one address are not throttled.
 */
final class TokenRateLimit {

    /** Beyond this number, the buckets of the least used addresses are evicted. */
    private static final int MOST_ADDRESSES = 10_000;

    private static final int BURST_OF_ADDRESS = 50;
    private static final double PER_SECOND_OF_ADDRESS = 1;
    private static final int BURST_OF_ALL = 500;
    private static final double PER_SECOND_OF_ALL = 10;

    private final InstantSource clock;
    private final Bucket all;
    private final Cache<String, Bucket> addresses =
            Caffeine.newBuilder().maximumSize(MOST_ADDRESSES).build();

    TokenRateLimit(InstantSource clock) {
        this.clock = clock;
        this.all = new Bucket(BURST_OF_ALL, PER_SECOND_OF_ALL, clock.instant());
    }

    /** Whether a token from that address may be validated now. */
    boolean tryAcquire(String address) {
        Instant now = clock.instant();
        Bucket own = addresses.get(address, unseen -> new Bucket(BURST_OF_ADDRESS, PER_SECOND_OF_ADDRESS, now));
        if (!own.tryAcquire(now)) {
            return false;
        }
        if (!all.tryAcquire(now)) {
            own.refund();
            return false;
        }
        return true;
    }

    /** The validation was successful. */
    void refund(String address) {
        Bucket own = addresses.getIfPresent(address);
        if (own != null) {
            own.refund();
        }
        all.refund();
    }

    /** A token bucket. */
    private static final class Bucket {
        private final int most;
        private final double perSecond;
        private double left;
        private Instant asOf;

        Bucket(int most, double perSecond, Instant now) {
            this.most = most;
            this.perSecond = perSecond;
            this.left = most;
            this.asOf = now;
        }

        synchronized boolean tryAcquire(Instant now) {
            if (now.isAfter(asOf)) {
                double seconds = Duration.between(asOf, now).toMillis() / 1000.0;
                left = Math.min(most, left + seconds * perSecond);
                asOf = now;
            }
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }

        synchronized void refund() {
            left = Math.min(most, left + 1);
        }
    }
}
