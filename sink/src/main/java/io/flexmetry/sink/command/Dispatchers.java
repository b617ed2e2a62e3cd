package io.flexmetry.sink.command;

import io.flexmetry.contract.command.CallCommand;
import io.flexmetry.contract.command.Command;
import io.flexmetry.sink.dispatch.Dispatcher;
import io.flexmetry.sink.dispatch.Work;
import io.flexmetry.sink.twilio.Probe;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One dispatcher for each Twilio API that has its own limits and outages: Voice Insights may be down or slow while
 * tasks must be written.
 *
 * @param tasks for tasks and conversations
 * @param tasksProbe checks whether Twilio accepts our credentials for them
 * @param insights for calls
 * @param insightsProbe checks whether Twilio accepts our credentials for calls
 */
public record Dispatchers(Dispatcher tasks, Probe tasksProbe, Dispatcher insights, Probe insightsProbe) {

    void start(Consumer<Throwable> onDeath) {
        tasks.start(tasksProbe, onDeath);
        insights.start(insightsProbe, onDeath);
    }

    void submit(Command command, Work<?> work) {
        (command instanceof CallCommand ? insights : tasks).submit(work);
    }

    /** Whether Twilio accepts all that the commands need. */
    boolean isAuthorised() {
        return problem().isEmpty();
    }

    /** What Twilio refuses and why; only a person can repair it. Absent if nothing is refused. */
    public Optional<String> problem() {
        return tasks.problem();
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
