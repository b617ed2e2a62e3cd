package io.flexmetry.benchmarks.console;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/** Open pages: each reads its stream, and searches for activities whose name contains the time of the change. */
final class OpenPages implements AutoCloseable {

    /** Precedes the nanoseconds of {@link System#nanoTime()} in the name of an activity. */
    static final String BEGAN = "began at ";

    private static final byte[] MARK = BEGAN.getBytes(US_ASCII);
    private static final int LONGEST_NUMBER = 24;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;
    private final AtomicLong bytes = new AtomicLong();
    private final ConcurrentHistogram micros = new ConcurrentHistogram(3);
    private volatile boolean counting;

    OpenPages(int port, int pages) throws InterruptedException {
        client = vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost("localhost").setDefaultPort(port),
                new PoolOptions().setHttp1MaxSize(pages));
        CountDownLatch open = new CountDownLatch(pages);
        for (int i = 0; i < pages; i++) {
            open(open);
        }
        if (!open.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("Expected " + pages + " pages to open but " + open.getCount() + " did not");
        }
    }

    private void open(CountDownLatch open) {
        client.request(HttpMethod.GET, "/api/stream?window=today")
                .compose(request -> request.send())
                .onSuccess(response -> {
                    Tail tail = new Tail();
                    response.handler(chunk -> {
                        if (tail.isNew()) {
                            open.countDown();
                        }
                        bytes.addAndGet(chunk.length());
                        tail.read(chunk);
                    });
                })
                .onFailure(failure -> System.err.println("A page could not be opened: " + failure));
    }

    /** Starts counting. */
    void count() {
        bytes.set(0);
        micros.reset();
        counting = true;
    }

    /** The time from the production of a record to its arrival at a page, µs. */
    ConcurrentHistogram micros() {
        return micros;
    }

    /** The bytes that all pages have read. */
    long bytes() {
        return bytes.get();
    }

    /** Parses numbers that may be split between chunks. */
    private final class Tail {
        private boolean begun;
        private int matched;
        private int digits;
        private long number;

        boolean isNew() {
            boolean isNew = !begun;
            begun = true;
            return isNew;
        }

        void read(Buffer chunk) {
            byte[] read = chunk.getBytes();
            for (byte b : read) {
                if (matched < MARK.length) {
                    matched = b == MARK[matched] ? matched + 1 : b == MARK[0] ? 1 : 0;
                } else if (b >= '0' && b <= '9' && digits < LONGEST_NUMBER) {
                    number = 10 * number + (b - '0');
                    digits++;
                } else {
                    if (counting && digits > 0) {
                        micros.recordValue(Math.max(0, (System.nanoTime() - number) / 1_000));
                    }
                    matched = 0;
                    digits = 0;
                    number = 0;
                }
            }
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
