package io.flexmetry.processors.inactivity;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.TaskFact;
import io.flexmetry.processors.Script;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

class AssignmentTest {

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldKeepFieldsThatALaterEventLeavesOut(@ForAll long seed) {
        List<Event> events = new ArrayList<>(List.of(
                reported(10, "chat", "Support", "Assign", Map.of("language", "de")),
                reported(20, null, "Sales", null, Map.of()),
                reported(30, "parked", null, null, Map.of("language", "fr")),
                reported(40, null, null, null, Map.of())));
        Collections.shuffle(events, new java.util.Random(seed));

        Assignment assignment = null;
        for (Event event : events) {
            assignment = Assignment.learn(assignment, event, ((TaskFact) event.fact()).task());
        }

        assertThat(assignment.channel()).isEqualTo("parked");
        assertThat(assignment.queueName()).isEqualTo("Sales");
        assertThat(assignment.workflowName()).isEqualTo("Assign");
        assertThat(assignment.attributes()).isEqualTo(Map.of("language", "fr"));
        assertThat(assignment.reportedAt()).isEqualTo(Script.second(40));
    }

    private static Event reported(
            double second,
            @Nullable String channel,
            @Nullable String queue,
            @Nullable String workflow,
            Map<String, String> attributes) {
        Instant at = Script.second(second);
        Task task = new Task("WT-1", null, channel, queue, Script.CONVERSATION, null, workflow, null, attributes);
        return new Event(
                "EV" + second, "task.updated", at, at, Source.TASKROUTER, new TaskFact(TaskFact.Change.UPDATED, task));
    }
}
