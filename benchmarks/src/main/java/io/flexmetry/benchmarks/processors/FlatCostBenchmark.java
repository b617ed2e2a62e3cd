package io.flexmetry.benchmarks.processors;

import io.flexmetry.processors.Processors;
import java.util.Arrays;

/**
 * The same number of messages in short, long and very long conversations, through the whole topology on one thread: the
 * time per message must not grow with the length. A short conversation also pays for its own start and rows.
 */
final class FlatCostBenchmark {

    private static final int[] LENGTHS = {10, 1_000, 100_000};
    private static final int MESSAGES = 200_000;
    private static final int WARM_UP_ROUNDS = Integer.getInteger("warmUp", 1);
    private static final int ROUNDS = Integer.getInteger("rounds", 3);

    private FlatCostBenchmark() {}

    public static void main(String[] args) throws Exception {
        double[][] micros = new double[LENGTHS.length][ROUNDS];
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (int i = 0; i < LENGTHS.length; i++) {
                double rate = Backlog.measure(Processors::topology, MESSAGES / LENGTHS[i], LENGTHS[i], 1, false);
                System.out.printf(
                        "%s  %,7d messages in a conversation: %5.1f µs for each%n",
                        round < 0 ? "warm-up" : "round " + (round + 1), LENGTHS[i], 1e6 / rate);
                if (round >= 0) {
                    micros[i][round] = 1e6 / rate;
                }
            }
        }
        double middle = median(micros[1]);
        for (int i = 0; i < LENGTHS.length; i++) {
            System.out.printf(
                    "%,7d messages in a conversation: median %5.1f µs for each, %.2f of the middle one%n",
                    LENGTHS[i], median(micros[i]), median(micros[i]) / middle);
        }
        System.exit(0);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
