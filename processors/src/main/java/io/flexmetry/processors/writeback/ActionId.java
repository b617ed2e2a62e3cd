package io.flexmetry.processors.writeback;

import io.flexmetry.processors.cases.TaskActionRequest;
import org.jspecify.annotations.Nullable;

/**
 * The id of a command that is a part of a request: {@code <step>/WT…/wrapping}. In a replay it shows what an outcome is about,
 * though the state does not contain the request.
 *
 * @param request the step and the task
 * @param part which command of the request
 */
record ActionId(String request, Part part) {

    /** The commands of which a request can be made. */
    enum Part {
        /** The task goes to wrap-up. */
        WRAPPING("/wrapping"),
        /** It is completed. */
        COMPLETED("/completed"),
        /** It goes to another task channel. */
        CHANNEL("/channel");

        private final String suffix;

        Part(String suffix) {
            this.suffix = suffix;
        }
    }

    static ActionId of(TaskActionRequest request, Part part) {
        return new ActionId(request.stepId() + "/" + request.taskSid(), part);
    }

    /** Reads an id; absent if it is not the id of a part of a request. */
    static @Nullable ActionId parse(String commandId) {
        for (Part part : Part.values()) {
            if (commandId.endsWith(part.suffix)) {
                return new ActionId(commandId.substring(0, commandId.length() - part.suffix.length()), part);
            }
        }
        return null;
    }

    /** Whether that command puts a task into wrap-up. */
    static boolean isWrapping(String commandId) {
        ActionId id = parse(commandId);
        return id != null && id.part == Part.WRAPPING;
    }

    @Override
    public String toString() {
        return request + part.suffix;
    }
}
