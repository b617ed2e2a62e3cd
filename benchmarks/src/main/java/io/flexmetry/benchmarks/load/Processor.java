package io.flexmetry.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Predicate;

/** Processor time of threads, because elapsed time means little when all processes share the machine. */
public final class Processor {

    private Processor() {}

    /** Nanoseconds of the live stream threads so far. */
    public static long ofStreamThreads() {
        return ofThreads(thread -> thread.getName().matches(".*-StreamThread-\\d+"));
    }

    /** Nanoseconds of the JVM's own threads so far: mostly JIT compilers and garbage collector. Threads that have ended count too. */
    public static long ofJvm() {
        return ofProcess() - ofThreads(thread -> true);
    }

    private static long ofThreads(Predicate<Thread> which) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(which)
                .mapToLong(thread -> ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId()))
                .sum();
    }

    /** Nanoseconds of this process so far. */
    public static long ofProcess() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
