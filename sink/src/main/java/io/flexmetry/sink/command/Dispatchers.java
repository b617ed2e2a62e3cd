package io.flexmetry.sink.command;

import io.flexmetry.contract.command.CallCommand;
import io.flexmetry.contract.command.Command;
import io.flexmetry.sink.dispatch.Dispatcher;
import io.flexmetry.sink.dispatch.Work;
import java.util.List;
import java.util.function.Consumer;

/**
 * What has a limit, and an outage, of its own has a dispatcher of its own: Voice Insights may be down or slow while tasks
 * must be written.
 *
 * @param tasks for tasks and conversations
 * @param insights for calls
 */
public record Dispatchers(Dispatcher tasks, Dispatcher insights) {

    void start(Consumer<Throwable> onDeath) {
        both().forEach(dispatcher -> dispatcher.start(onDeath));
    }

    void submit(Command command, Work<?> work) {
        (command instanceof CallCommand ? insights : tasks).submit(work);
    }

    /** Whether Twilio lets us do what must be done. */
    boolean isAuthorised() {
        return tasks.isAuthorised();
    }

    void withdraw(Object source) throws InterruptedException {
        for (Dispatcher dispatcher : both()) {
            dispatcher.withdraw(source);
        }
    }

    void close() {
        both().forEach(Dispatcher::close);
    }

    private List<Dispatcher> both() {
        return List.of(tasks, insights);
    }
}
