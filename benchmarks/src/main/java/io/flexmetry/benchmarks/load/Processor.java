package io.flexmetry.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Processor time of threads, because elapsed time means little when all processes share the machine. */
public final class Processor {

    private Processor() {}

    /** Nanoseconds of the live stream threads so far. */
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
