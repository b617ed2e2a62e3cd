package io.flexmetry.processors.focus;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.FocusFact;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.event.Source;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.WorkerFact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Events of a worker's browser as text. A step is: second, what, of what. Steps are separated by commas.
 *
 * <pre>
 *   0 accept A, 0 select A, 10 deselect, 15 beat A, 20 hide, 25 show, 30 unload, 60 wrap A, 70 end A, 80 logout
 *   5 select B in 2           in a second tab
 * </pre>
 */
final class BrowserScript {

    static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final String WORKER = "WK-ana";

    private BrowserScript() {}

    static List<Event> of(String steps) {
        List<Event> events = new ArrayList<>();
        for (String step : steps.split(",", -1)) {
            events.add(event(step.strip().split(" +", -1), events.size()));
        }
        return events;
    }

    private static Event event(String[] words, int number) {
        Instant at = START.plusMillis(Math.round(Double.parseDouble(words[0]) * 1000));
        boolean elsewhere = words.length > 3 && words[words.length - 2].equals("in");
        String tab = "tab-" + (elsewhere ? words[words.length - 1] : "1");
        String what = words.length > 2 ? words[2] : null;
        return switch (words[1]) {
            case "accept" -> reservation(at, number, what, ReservationFact.Change.ACCEPTED);
            case "wrap" -> reservation(at, number, what, ReservationFact.Change.WRAPUP);
            case "end" -> reservation(at, number, what, ReservationFact.Change.COMPLETED);
            case "logout" ->
                new Event(
                        "EV" + number,
                        "worker.activity.update",
                        at,
                        at,
                        Source.TASKROUTER,
                        new WorkerFact(new io.flexmetry.contract.event.Worker(WORKER, "ana", "ana"), "Offline"));
            default -> event(at, number, tab, words[1], what);
        };
    }

    private static Event event(Instant at, int number, String tab, String word, @Nullable String what) {
        FocusFact.Change change =
                switch (word) {
                    case "beat" -> FocusFact.Change.HEARTBEAT;
                    case "hide" -> FocusFact.Change.HIDDEN;
                    case "show" -> FocusFact.Change.VISIBLE;
                    default -> FocusFact.Change.valueOf(word.toUpperCase(Locale.ROOT));
                };
        String reservation = what == null || what.equals("in") ? null : "WR-" + what;
        return new Event(
                "EV" + number,
                "focus." + word,
                at,
                at,
                Source.BEACON,
                new FocusFact(change, WORKER, tab, number, reservation, null));
    }

    private static Event reservation(Instant at, int number, String what, ReservationFact.Change change) {
        return new Event(
                "EV" + number,
                "reservation",
                at,
                at,
                Source.TASKROUTER,
                new ReservationFact(
                        change,
                        "WR-" + what,
                        new Task("WT-" + what, 1, "voice", "Support", null, null, null, null, null),
                        new io.flexmetry.contract.event.Worker(WORKER, "ana", "ana")));
    }
}
