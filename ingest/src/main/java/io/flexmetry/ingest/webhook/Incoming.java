package io.flexmetry.ingest.webhook;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.topic.Topic;

/**
 * An event with its place in Kafka.
 *
 * @param topic where it goes
 * @param key SID of the thing that it is about
 * @param event the event
 */
public record Incoming(Topic<String, Event> topic, String key, Event event) {}
