package io.flexmetry.processors.timer;

/** The action of a timer failed. Kafka Streams does not tell its exception handlers which timer it was. */
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

    /** The timer: {@code timer/store/kind/id}. */
    public String source() {
        return source;
    }

    /** Key of the state that the timer belongs to. */
    public String id() {
        return id;
    }
}
