package io.flexmetry.processors.writeback;

import io.flexmetry.processors.cases.TaskActionRequest;
import java.util.stream.Stream;

/**
 * The commands of which a request can be made. A command's id contains the request and the part, {@code <step>/WT…/wrapping}. In a
 * replay it shows what an outcome is about, though the state does not contain the request.
 */
enum ActionPart {
    /** The task goes to wrap-up. */
    WRAPPING("/wrapping"),
    /** It is completed. */
    COMPLETED("/completed"),
    /** It goes to another task channel. */
    CHANNEL("/channel");

    private final String suffix;

    ActionPart(String suffix) {
        this.suffix = suffix;
    }

    String idIn(TaskActionRequest request) {
        return request.stepId() + "/" + request.taskSid() + suffix;
    }

    /** Whether a command is this part of a request. */
    boolean is(String commandId) {
        return commandId.endsWith(suffix);
    }

    /** Whether a command is any part of a request. */
    static boolean isAny(String commandId) {
        return Stream.of(values()).anyMatch(part -> part.is(commandId));
    }
}
