package io.flexmetry.console.floor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.settings.CapacityConfiguration;
import io.flexmetry.contract.settings.TargetsConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The floor as JSON. */
public final class FloorView {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    /** Many pages request the same series, and each is computed from hundreds of thousands of rows. */
    private static final Duration SERIES_FRESH = Duration.ofSeconds(1);

    private static final int MOST_SERIES = 100;

    private final FloorModel model;
    private final InstantSource clock;
    private final ZoneId zone;
    private final FloorRules rules;
    private final CapacityConfiguration capacity;
    private final Supplier<Optional<String>> problem;
    private final ExpiringCache<SeriesKey, ObjectNode> series = new ExpiringCache<>(SERIES_FRESH, MOST_SERIES);

    private record SeriesKey(Window window, @Nullable String queue) {}

    /**
     * Creates a view.
     *
     * @param zone time zone for the start of a day
     * @param targets service levels
     * @param calendar business hours
     * @param capacity how many tasks an agent takes at a time
     * @param problem the current problem of the service
     */
    public FloorView(
            FloorModel model,
            InstantSource clock,
            ZoneId zone,
            TargetsConfiguration targets,
            CalendarConfiguration calendar,
            CapacityConfiguration capacity,
            Supplier<Optional<String>> problem) {
        this.model = model;
        this.clock = clock;
        this.zone = zone;
        this.rules = new FloorRules(new TargetRules(targets, calendar), zone);
        this.capacity = capacity;
        this.problem = problem;
    }

    /** Available agents and the estimated wait. */
    public ObjectNode availability(Availability.Question question) {
        return JSON.valueToTree(Availability.of(model.snapshot(), question, capacity, clock.instant()));
    }

    /** The current floor. */
    public ObjectNode now(Window window) {
        return JSON.valueToTree(rules.floor(
                model.snapshot(), window, clock.instant(), problem.get().orElse(null)));
    }

    /**
     * The series of a window, cached for a second.
     *
     * @param queue name of the queue; absent for all
     * @return shared with others, so it must not be modified
     */
    public ObjectNode series(Window window, @Nullable String queue) {
        Instant now = clock.instant();
        return series.get(
                new SeriesKey(window, queue),
                now,
                () -> JSON.valueToTree(SeriesRules.series(model.snapshot(), window, queue, now, zone)));
    }
}
