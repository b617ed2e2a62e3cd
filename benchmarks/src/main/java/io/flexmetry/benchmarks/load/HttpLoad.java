package io.flexmetry.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Many connections, one thread: each sends a request, waits for the response and sends the next one. It is cheap,
 * because it shares the cores with the service under test.
 */
public final class HttpLoad implements AutoCloseable {

    private static final int MOST_ANSWER_BYTES = 4_096;
    private static final int CLOSED = -1;

    private final int port;
    private final List<byte[]> requests;
    private final Selector selector;
    private int next;

    /**
     * The result of a run.
     *
     * @param statuses number of responses by status; -1 = the connection was closed
     * @param latency from the first byte sent to the last one received, microseconds
     * @param seconds duration of the run
     */
    public record Result(Map<Integer, Long> statuses, Histogram latency, double seconds) {

        public long count(int status) {
            return statuses.getOrDefault(status, 0L);
        }

        public double perSecond(int status) {
            return count(status) / seconds;
        }
    }

    /** One connection. */
    private final class Client {
        private final ByteBuffer in = ByteBuffer.allocate(MOST_ANSWER_BYTES);
        private ByteBuffer out = ByteBuffer.allocate(0);
        private long sentAt;
        private boolean waiting;

        void send(SelectionKey key) throws IOException {
            out = ByteBuffer.wrap(requests.get(next));
            next = (next + 1) % requests.size();
            in.clear();
            sentAt = System.nanoTime();
            waiting = true;
            write(key);
        }

        void write(SelectionKey key) throws IOException {
            ((SocketChannel) key.channel()).write(out);
            key.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE | SelectionKey.OP_READ : SelectionKey.OP_READ);
        }

        /** The status when the response is complete, 0 before. */
        int read(SelectionKey key) throws IOException {
            if (((SocketChannel) key.channel()).read(in) < 0) {
                return CLOSED;
            }
            byte[] bytes = in.array();
            int head = headLength(bytes, in.position());
            if (head == 0 || in.position() < head + contentLength(bytes, head)) {
                return 0;
            }
            waiting = false;
            return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
        }
    }

    /**
     * Connects.
     *
     * @param requests complete requests as bytes; sent in turn
     */
    public HttpLoad(int port, int connections, List<byte[]> requests) throws IOException {
        this.port = port;
        this.requests = requests;
        this.selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            connect();
        }
    }

    private SelectionKey connect() throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel.register(selector, SelectionKey.OP_READ, new Client());
    }

    /** Sends for this time, and waits for the last responses. */
    public Result run(Duration time) throws IOException {
        Map<Integer, Long> statuses = new TreeMap<>();
        Histogram latency = new Histogram(3);
        long start = System.nanoTime();
        long end = start + time.toNanos();
        int underWay = 0;
        for (SelectionKey key : List.copyOf(selector.keys())) {
            ((Client) key.attachment()).send(key);
            underWay++;
        }
        while (underWay > 0) {
            selector.select(100);
            var ready = selector.selectedKeys().iterator();
            while (ready.hasNext()) {
                SelectionKey key = ready.next();
                ready.remove();
                underWay += handle(key, statuses, latency, end);
            }
        }
        return new Result(statuses, latency, (System.nanoTime() - start) / 1e9);
    }

    /** Returns the change of the number of requests in flight. */
    private int handle(SelectionKey key, Map<Integer, Long> statuses, Histogram latency, long end) throws IOException {
        Client client = (Client) key.attachment();
        if (key.isValid() && key.isWritable()) {
            client.write(key);
        }
        if (!key.isValid() || !key.isReadable()) {
            return 0;
        }
        int status = client.read(key);
        if (status == 0) {
            return 0;
        }
        boolean answered = status != CLOSED || client.waiting;
        if (answered) {
            statuses.merge(status, 1L, Long::sum);
            latency.recordValue((System.nanoTime() - client.sentAt) / 1_000);
        }
        SelectionKey usable = key;
        if (status == CLOSED) {
            key.channel().close();
            usable = connect();
        }
        if (System.nanoTime() < end) {
            ((Client) usable.attachment()).send(usable);
            return answered ? 0 : 1;
        }
        return answered ? -1 : 0;
    }

    private static int headLength(byte[] bytes, int length) {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    private static int contentLength(byte[] bytes, int head) {
        if (bytes[9] == '2' && bytes[11] == '4') {
            return 0;
        }
        String text = new String(bytes, 0, head, StandardCharsets.ISO_8859_1).toLowerCase(java.util.Locale.ROOT);
        int at = text.indexOf("content-length: ");
        return at < 0 ? 0 : Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)));
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
