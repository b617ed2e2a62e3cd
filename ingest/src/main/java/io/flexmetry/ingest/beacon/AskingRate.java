package io.flexmetry.ingest.beacon;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How often Twilio is asked about tokens that turn out not to be good, in all and for each remote address: token buckets.
 * What turns out to be good is given back, so that a shift that logs in behind one address is not slowed down.
 */
final class AskingRate {

    /** More addresses than these share the bucket for all. */
    private static final int MOST_ADDRESSES = 10_000;

    private static final int BURST_OF_ADDRESS = 50;
    private static final double PER_SECOND_OF_ADDRESS = 1;
    private static final int BURST_OF_ALL = 500;
    private static final double PER_SECOND_OF_ALL = 10;

    private final InstantSource clock;
    private final Bucket all;
    private final Cache<String, Bucket> addresses =
            Caffeine.newBuilder().maximumSize(MOST_ADDRESSES).build();

    AskingRate(InstantSource clock) {
        this.clock = clock;
        this.all = new Bucket(BURST_OF_ALL, PER_SECOND_OF_ALL, clock.instant());
    }

    /** Whether Twilio may be asked for somebody at that address. */
    boolean take(String address) {
        Instant now = clock.instant();
        Bucket own = addresses.get(address, unseen -> new Bucket(BURST_OF_ADDRESS, PER_SECOND_OF_ADDRESS, now));
        if (!own.take(now)) {
            return false;
        }
        if (!all.take(now)) {
            own.giveBack();
            return false;
        }
        return true;
    }

    /** The token was good. */
    void giveBack(String address) {
        Bucket own = addresses.getIfPresent(address);
        if (own != null) {
            own.giveBack();
        }
        all.giveBack();
    }

    /** Holds some, and gets more as time goes by. */
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

        synchronized boolean take(Instant now) {
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

        synchronized void giveBack() {
            left = Math.min(most, left + 1);
        }
    }
}
