package io.flexmetry.local.day;

import io.flexmetry.local.day.Step.Delivery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Simulates the agents' screens: an agent selects the tasks that they accept, and before each message the conversation
 * that it is in. Their browsers send this in batches, as the plugin does, including heartbeats.
 */
final class AgentTabs {

    static final String PATH = "/beacon/focus";
    static final String DESELECTED = "deselected";

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration READING = Duration.ofSeconds(3);
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final Map<String, Tab> byWorker = new HashMap<>();
    private final Map<String, Tab> byIdentity = new HashMap<>();
    private final Map<String, String> tasks;

    /** One agent's browser tab. */
    private static final class Tab {
        private final Agent agent;
        private final List<Step> sent = new ArrayList<>();

        /** Reservations by task. */
        private final Map<String, String> open = new LinkedHashMap<>();

        private @Nullable String selected;
        private Instant last = Instant.MIN;
        private int sequence;

        private Tab(Agent agent) {
            this.agent = agent;
        }

        private void send(Instant at, String kind, @Nullable String reservationSid) {
            Instant now = at.isAfter(last) ? at : last.plusMillis(1);
            JsonArray events = new JsonArray();
            while (selected != null && last.plus(HEARTBEAT).isBefore(now)) {
                last = last.plus(HEARTBEAT);
                events.add(event(last, "heartbeat", selected));
            }
            selected = kind.equals("deselect") ? null : reservationSid;
            last = now;
            events.add(event(now, kind, selected));
            JsonObject body = new JsonObject()
                    .put("token", "token-of-" + agent.workerSid())
                    .put("tabId", "tab-" + agent.name())
                    .put("sentAt", now.toString())
                    .put("events", events);
            sent.add(new Step(now, PATH, Map.of(), Delivery.ONCE, null, null, body.encode()));
        }

        private JsonObject event(Instant at, String kind, @Nullable String reservationSid) {
            JsonObject event = new JsonObject()
                    .put("seq", sequence++)
                    .put("at", at.toString())
                    .put("kind", kind);
            return reservationSid == null ? event : event.put("reservationSid", reservationSid);
        }

        private void select(Instant at, @Nullable String reservationSid) {
            if (!Objects.equals(selected, reservationSid)) {
                send(at, reservationSid == null ? "deselect" : "select", reservationSid);
            }
        }
    }

    /**
     * Creates the tabs of these agents.
     *
     * @param tasks task SIDs by conversation SID
     */
    AgentTabs(List<Agent> agents, Map<String, String> tasks) {
        this.tasks = tasks;
        for (Agent agent : agents) {
            Tab tab = new Tab(agent);
            byWorker.put(agent.workerSid(), tab);
            byIdentity.put(agent.identity(), tab);
        }
    }

    /** The beacons that the browsers send during these steps. */
    List<Step> beacons(List<Step> day) {
        day.forEach(this::follow);
        return byWorker.values().stream()
                .flatMap(tab -> tab.sent.stream())
                .sorted(Comparator.comparing(Step::at))
                .toList();
    }

    private void follow(Step step) {
        Map<String, String> form = step.form();
        String type = form.getOrDefault("EventType", "");
        Tab owner = byWorker.get(form.getOrDefault("WorkerSid", ""));
        Tab author = byIdentity.get(form.getOrDefault("Author", ""));
        if (owner != null) {
            String taskSid = form.getOrDefault("TaskSid", "");
            String reservationSid = form.getOrDefault("ReservationSid", "");
            switch (type) {
                case "reservation.accepted" -> {
                    owner.open.put(taskSid, reservationSid);
                    owner.select(step.at().plus(MOMENT), reservationSid);
                }
                case DESELECTED -> {
                    owner.open.values().remove(owner.selected);
                    owner.select(step.at(), null);
                }
                case "reservation.wrapup", "reservation.completed" -> end(owner, step.at(), taskSid, type);
                default -> {
                    // does not change the screen
                }
            }
        } else if (author != null && type.equals("onMessageAdded")) {
            String reservationSid = author.open.get(tasks.getOrDefault(form.get("ConversationSid"), ""));
            if (reservationSid != null) {
                author.select(step.at().minus(READING), reservationSid);
            }
        }
    }

    /** The browser reports what was on screen up to the end. */
    private static void end(Tab tab, Instant at, String taskSid, String type) {
        if (tab.selected != null && tab.last.isBefore(at.minus(MOMENT))) {
            tab.send(at.minus(MOMENT), "heartbeat", tab.selected);
        }
        if (type.equals("reservation.completed")) {
            String ended = tab.open.remove(taskSid);
            if (Objects.equals(ended, tab.selected)) {
                tab.select(
                        at.plus(MOMENT), tab.open.values().stream().findFirst().orElse(null));
            }
        }
    }
}
