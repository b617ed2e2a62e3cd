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
 * An event with its topic and key.
 *
 * @param topic topic of the event
 * @param key SID of the event's subject
 * @param event the event
 * @param leftOut number of attributes that were dropped, because there were too many or they were too long
 * @param withoutObject number of resources whose attributes are not a JSON object
 */
public record Incoming(Topic<String, Event> topic, String key, Event event, int leftOut, int withoutObject) {

    /** An event with all of its attributes. */
    public Incoming(Topic<String, Event> topic, String key, Event event) {
        this(topic, key, event, 0, 0);
    }

    /**
     * The serialized value.
     *
     * @throws UnusableWebhookException if it is too large, or contains half a surrogate pair and cannot be encoded
     */
    public byte[] value() throws UnusableWebhookException {
        byte[] value;
        try {
            value = topic.valueSerde().serializer().serialize(topic.name(), event);
        } catch (SerializationException e) {
            throw new UnusableWebhookException("Expected text that can be encoded as UTF-8 but it cannot");
        }
        if (value.length > Topics.MOST_EVENT_BYTES) {
            throw new UnusableWebhookException("Expected the event to have at most " + Topics.MOST_EVENT_BYTES
                    + " bytes as JSON but it has " + value.length);
        }
        return value;
    }

    /**
     * Topics and keys, the original first. An event of a reservation is copied to its worker, so that consumers of worker events do not have
     * to join tasks.
     */
    public Map<String, String> destinations() {
        Map<String, String> destinations = new LinkedHashMap<>();
        destinations.put(topic.name(), key);
        if (event.fact() instanceof ReservationFact reservation) {
            destinations.put(Topics.WORKER_EVENTS.name(), reservation.worker().workerSid());
        }
        return destinations;
    }

    Incoming with(Event other) {
        return new Incoming(topic, key, other, leftOut, withoutObject);
    }

    Incoming leavingOut(int attributes) {
        return new Incoming(topic, key, event, attributes, withoutObject);
    }

    /** A copy with the number of malformed attributes. */
    Incoming countingMalformed(Attributes... attributes) {
        int malformed =
                (int) Stream.of(attributes).filter(Attributes::isMalformed).count();
        return new Incoming(topic, key, event, leftOut, malformed);
    }
}
