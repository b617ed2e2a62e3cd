package io.flexmetry.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A service in a separate process, which can be killed. */
public final class ServiceProcess {

    private ServiceProcess() {}

    /** Starts a main class of this class path. */
    public static Process start(String main, Path log, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
