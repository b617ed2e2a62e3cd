package io.flexmetry.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How long threads were on a processor: what a stopwatch does not tell where everything shares the machine. */
public final class Processor {

    private Processor() {}

    /** Nanoseconds of the stream threads so far, as far as they still live. */
    public static long ofStreamThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches(".*-StreamThread-\\d+"))
                .mapToLong(thread -> ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId()))
                .sum();
    }

    /** Nanoseconds of this process so far. */
    public static long ofProcess() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
