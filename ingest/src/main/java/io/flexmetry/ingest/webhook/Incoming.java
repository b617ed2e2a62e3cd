package io.flexmetry.ingest.webhook;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.ReservationFact;
import io.flexmetry.contract.topic.Topic;
import io.flexmetry.contract.topic.Topics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;

/**
 * An event with its place in Kafka.
 *
 * @param topic where it goes
 * @param key SID of the thing that it is about
 * @param event the event
 * @param leftOut how many attributes were too many or too long to be kept
 * @param withoutObject how many resources have something else than a JSON object as their attributes
 */
public record Incoming(Topic<String, Event> topic, String key, Event event, int leftOut, int withoutObject) {

    /** With all of its attributes. */
    public Incoming(Topic<String, Event> topic, String key, Event event) {
        this(topic, key, event, 0, 0);
    }

    /**
     * The record's value as it goes to Kafka.
     *
     * @throws UnusableWebhookException if it is too long, or holds half of a surrogate pair and so cannot be written
     */
    public byte[] value() throws UnusableWebhookException {
        byte[] value;
        try {
            value = topic.valueSerde().serializer().serialize(topic.name(), event);
        } catch (SerializationException e) {
            throw new UnusableWebhookException("Expected text that can be written as UTF-8 but it cannot");
        }
        if (value.length > Topics.MOST_EVENT_BYTES) {
            throw new UnusableWebhookException("Expected the event to have at most " + Topics.MOST_EVENT_BYTES
                    + " bytes as JSON but it has " + value.length);
        }
        return value;
    }

    /**
     * The topics that it goes to, with its key on each; the first is where it belongs. What is told of a reservation is also
     * told of its worker, in a copy: so whoever follows workers needs no way from tasks to them.
     */
    public Map<String, String> places() {
        Map<String, String> places = new LinkedHashMap<>();
        places.put(topic.name(), key);
        if (event.fact() instanceof ReservationFact reservation) {
            places.put(Topics.WORKER_EVENTS.name(), reservation.worker().workerSid());
        }
        return places;
    }

    Incoming with(Event other) {
        return new Incoming(topic, key, other, leftOut, withoutObject);
    }

    Incoming leavingOut(int attributes) {
        return new Incoming(topic, key, event, attributes, withoutObject);
    }

    /** With a count of those among these attributes that are no object. */
    Incoming reading(Attributes... attributes) {
        int others = (int) Stream.of(attributes).filter(Attributes::isOther).count();
        return new Incoming(topic, key, event, leftOut, others);
    }
}
