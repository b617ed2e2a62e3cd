package io.flexmetry.benchmarks.sink;

import io.flexmetry.contract.outcome.Outcome;
import io.flexmetry.contract.outcome.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ten thousand tasks complete within a minute, and Twilio accepts 100 requests per second. Each task is deleted at a
 * random time after that minute; writes for ten thousand open reservations wait as well. Counts the writes that are too
 * late, and those that would be in a first-come-first-served order with the same time slots.
 */
public final class DeadlineBenchmark {

    private static final int TASKS = 10_000;
    private static final int PER_SECOND = 100;
    private static final int ARRIVAL_SECONDS = 60;

    /** With two requests per write and nine tenths of the limit, the deadlines can just be met. */
    private static final int DEADLINE_SECONDS = 230;

    private DeadlineBenchmark() {}

    private record Task(int number, long arrival, long deadline) {}

    public static void main(String[] args) throws Exception {
        Map<Integer, Long> writtenAt = new ConcurrentHashMap<>();
        SlowTwilio.Behaviour behaviour = new SlowTwilio.Behaviour(Duration.ofMillis(20), 0, PER_SECOND);
        try (SlowTwilio twilio = SlowTwilio.start(
                        behaviour,
                        (task, written) -> writtenAt.put(Integer.parseInt(task.substring(24)), System.nanoTime()));
                SinkSetup setup = SinkSetup.start(twilio)) {
            // enough to keep Twilio busy by themselves
            for (int i = 0; i < TASKS; i++) {
                setup.write(TASKS + i, null);
            }
            List<Task> tasks = new ArrayList<>();
            Random random = new Random(7);
            Instant wall = Instant.now();
            long start = System.nanoTime();
            for (int i = 0; i < TASKS; i++) {
                long arrival = start + TimeUnit.SECONDS.toNanos(ARRIVAL_SECONDS) * i / TASKS;
                long after = ARRIVAL_SECONDS * 1000L + random.nextInt(DEADLINE_SECONDS * 1000);
                Task task = new Task(i, arrival, start + TimeUnit.MILLISECONDS.toNanos(after));
                tasks.add(task);
                twilio.delete(SinkSetup.task(i), task.deadline());
                while (System.nanoTime() < arrival) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                setup.write(i, wall.plusMillis(after));
            }
            AtomicLong settled = new AtomicLong();
            AtomicLong running = new AtomicLong();
            Map<String, Long> results = new HashMap<>();
            setup.awaitOutcomes(settled::get, TASKS, outcome -> count(outcome, settled, running, results));
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "%d tasks in %.0f s: %s; %d running writes gave way to them, %d came in between%n",
                    TASKS, seconds, results, TASKS - running.get(), running.get());
            System.out.printf(
                    "%.1f requests/s let through of %d, %d answered 429%n",
                    twilio.served() / seconds, PER_SECOND, twilio.stopped());
            List<Long> slots = writtenAt.entrySet().stream()
                    .filter(entry -> entry.getKey() < TASKS)
                    .map(Map.Entry::getValue)
                    .sorted()
                    .toList();
            System.out.printf(
                    "too late: %d; in the same time slots, least time left first would miss %d, first come first served %d%n",
                    results.getOrDefault("gone", 0L),
                    missed(tasks, slots, Comparator.comparingLong(Task::deadline)),
                    missed(tasks, slots, Comparator.comparingLong(Task::arrival)));
        }
    }

    private static void count(Outcome outcome, AtomicLong settled, AtomicLong running, Map<String, Long> results) {
        if (Integer.parseInt(outcome.taskSid().substring(24)) >= TASKS) {
            running.incrementAndGet();
            return;
        }
        settled.incrementAndGet();
        Result result = outcome.result();
        results.merge(result.label(), 1L, Long::sum);
    }

    /** How many tasks miss their deadline if they are assigned to these slots in this order. */
    private static int missed(List<Task> tasks, List<Long> slots, Comparator<Task> order) {
        PriorityQueue<Task> waiting = new PriorityQueue<>(order);
        int arrived = 0;
        int missed = 0;
        for (long slot : slots) {
            while (arrived < tasks.size() && tasks.get(arrived).arrival() <= slot) {
                waiting.add(tasks.get(arrived));
                arrived++;
            }
            Task task = waiting.poll();
            missed += task != null && task.deadline() < slot ? 1 : 0;
        }
        return missed + tasks.size() - slots.size();
    }
}
