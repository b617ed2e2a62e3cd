package io.flexmetry.benchmarks.processors;

import io.flexmetry.processors.Processors;
import java.util.ArrayList;
import java.util.List;

/**
 * A backlog through the whole topology, as a ratio to a pass-through application with the same settings on the same
 * topic. Both alternate.
 */
final class ConversationBenchmark {

    private static final int CHATS = 2_000;
    private static final int LENGTH = 100;
    private static final int WARM_UP_ROUNDS = Integer.getInteger("warmUp", 1);
    private static final int ROUNDS = Integer.getInteger("rounds", 3);

    private ConversationBenchmark() {}

    public static void main(String[] args) throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        List<Double> ratios = new ArrayList<>();
        for (int round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round++) {
            double bare = Backlog.measure(environment -> PassThrough.topology(), CHATS, LENGTH, threads, false);
            double ours = Backlog.measure(Processors::topology, CHATS, LENGTH, threads, round == ROUNDS);
            System.out.printf(
                    "%s  pass-through %,7.0f/s  conversation topology %,7.0f/s  ratio %.2f%n",
                    round > 0 ? "round " + round : "warm-up", bare, ours, ours / bare);
            if (round > 0) {
                ratios.add(ours / bare);
            }
        }
        ratios.sort(null);
        System.out.printf("median ratio to the pass-through: %.2f%n", ratios.get(ratios.size() / 2));
        System.exit(0);
    }
}
