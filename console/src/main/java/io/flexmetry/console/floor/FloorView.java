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
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Supplier;

/** The floor as JSON. */
public final class FloorView {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private final FloorModel model;
    private final InstantSource clock;
    private final FloorRules rules;
    private final CapacityConfiguration capacity;
    private final Supplier<Optional<String>> problem;

    /**
     * A view.
     *
     * @param zone in which a day begins
     * @param targets what is to be reached
     * @param calendar when somebody is there
     * @param capacity how many tasks an agent takes at a time
     * @param problem what is wrong at the moment
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
        this.rules = new FloorRules(new TargetRules(targets, calendar), zone);
        this.capacity = capacity;
        this.problem = problem;
    }

    /** Who is there, and how long it will take. */
    public ObjectNode availability(Availability.Question question) {
        return JSON.valueToTree(Availability.of(model.known(), question, capacity, clock.instant()));
    }

    /** The floor now. */
    public ObjectNode now(Window window) {
        return JSON.valueToTree(rules.floor(
                model.known(), window, clock.instant(), problem.get().orElse(null)));
    }
}
