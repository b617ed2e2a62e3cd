package io.flexmetry.processors.timer;

/** A timer fired, and what it was for failed. Kafka Streams does not tell its handlers which timer that was. */
public final class TimerFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String source;
    private final String id;

    TimerFailedException(String store, Timers.Timer timer, String what, RuntimeException cause) {
        super(
                "Expected timer " + timer.kind() + " of " + timer.id() + " to fire but it failed (" + what + "): "
                        + cause,
                cause);
        this.source = "timer/" + store + "/" + timer.kind() + "/" + timer.id();
        this.id = timer.id();
    }

    /** Which timer: {@code timer/store/kind/id}. */
    public String source() {
        return source;
    }

    /** Key of what it was for. */
    public String id() {
        return id;
    }
}
