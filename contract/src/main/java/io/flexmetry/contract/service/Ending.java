package io.flexmetry.contract.service;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import java.io.PrintStream;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** How a process ends: the message on stderr, and the exit codes. */
public final class Ending {

    /** Success. */
    public static final int WELL = 0;

    /** Something outside was not available, the answer is no, or the service died. */
    public static final int FAILED = 1;

    /** The settings or the arguments are wrong; nothing was started. */
    public static final int BAD_SETTINGS = 2;

    private Ending() {}

    /** The work of a process. */
    @FunctionalInterface
    public interface Body {
        /** @return the exit code */
        int run(Environment environment) throws Exception;
    }

    /** Runs the body with the process's environment, and exits. */
    public static void after(String name, Body body) {
        int code;
        try {
            Environment environment = Environment.of(System.getenv());
            code = body.run(environment);
        } catch (Exception e) {
            code = report(name, e, System.err);
        }
        System.exit(code);
    }

    /**
     * Prints why the process ends: one line if an operator can fix it, the stack trace if it is a bug.
     *
     * @return the exit code
     */
    public static int report(String name, Throwable failure, PrintStream err) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof SettingsException || cause instanceof UnavailableException) {
            err.println(name + ": " + oneLine(String.valueOf(cause.getMessage())));
            return cause instanceof SettingsException ? BAD_SETTINGS : FAILED;
        }
        err.print(name + ": ");
        cause.printStackTrace(err);
        return FAILED;
    }

    /** Messages contain values from outside, and some libraries write several paragraphs. */
    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
