package io.flexmetry.sink.task;

import com.twilio.rest.taskrouter.v1.workspace.Task;
import io.flexmetry.contract.command.ChangeTask;
import io.flexmetry.contract.outcome.Result;
import io.flexmetry.sink.twilio.TaskApi;
import io.flexmetry.sink.twilio.TaskApi.Versioned;
import java.util.Locale;

/** Moves tasks to another status. One that is there already, or beyond, is left alone: it was done before. */
public final class TaskMover {

    private final TaskApi tasks;

    public TaskMover(TaskApi tasks) {
        this.tasks = tasks;
    }

    /** Tries once. */
    public Result move(ChangeTask command) {
        Versioned task = tasks.fetch(command.changedTaskSid());
        boolean done = task.hasEnded()
                || (command.status() == ChangeTask.Status.WRAPPING && task.status() == Task.Status.WRAPPING);
        if (!done) {
            tasks.move(command.changedTaskSid(), command.status().name().toLowerCase(Locale.ROOT), command.reason());
        }
        return new Result.Changed();
    }
}
