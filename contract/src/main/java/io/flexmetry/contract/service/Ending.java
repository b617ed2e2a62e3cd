package io.flexmetry.contract.service;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import java.io.PrintStream;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** How a process of ours ends: what is printed for a person, and the exit codes. */
public final class Ending {

    /** It did what it was asked to. */
    public static final int WELL = 0;

    /** Something outside was not there, the answer is no, or it died. */
    public static final int FAILED = 1;

    /** The settings or the arguments are wrong; nothing was started. */
    public static final int BAD_SETTINGS = 2;

    private Ending() {}

    /** What a process does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Does it.
         *
         * @return the exit code
         */
        int run(Environment environment) throws Exception;
    }

    /** Does it in the process's environment, and ends the process. */
    public static void after(String name, Body body) {
        int code;
        try {
            Environment environment = Environment.of(System.getenv());
            code = body.run(environment);
        } catch (Exception e) {
            code = tell(name, e, System.err);
        }
        System.exit(code);
    }

    /**
     * Tells why it ends: in one line where a person can do something about it, with the stack where it is a bug.
     *
     * @return the exit code
     */
    public static int tell(String name, Throwable failure, PrintStream err) {
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

    /** Values come from outside, and messages of libraries like to have paragraphs. */
    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
