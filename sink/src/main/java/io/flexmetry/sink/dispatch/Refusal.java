package io.flexmetry.sink.dispatch;

import java.time.Instant;

/**
 * Consecutive 401s and 403s of one work, all for the same kind of request.
 *
 * @param status the last one
 * @param request kind of request: method and path without SIDs
 * @param since when the first one came
 * @param times how many there were
 */
record Refusal(int status, String request, Instant since, int times) {

    static Refusal first(int status, String request, Instant now) {
        return new Refusal(status, request, now, 1);
    }

    Refusal again(int lastStatus) {
        return new Refusal(lastStatus, request, since, times + 1);
    }
}
