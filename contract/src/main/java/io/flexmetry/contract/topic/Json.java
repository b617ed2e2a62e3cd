package io.flexmetry.contract.topic;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The JSON of topics and stores: ISO instants, plain numbers, no nulls. Unknown fields are ignored; missing ones are refused unless
 * the record component is {@code @Nullable}.
 */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule()
                    .addDeserializer(String.class, new WellFormedText())
                    .addDeserializer(Instant.class, new InstantReader())
                    .addSerializer(Instant.class, new InstantWriter()))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .annotationIntrospector(new NullMarkedIntrospector())
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private Json() {}

    /** A serde for a type that Jackson can map. A null value is a tombstone. JSON with a duplicate key is refused. */
    public static <T> Serde<T> serde(Class<T> type) {
        return Serdes.serdeFrom(serializer(type), deserializer(type, false));
    }

    /**
     * A serde for a state store. Only our own processors write its values, so it does not check for duplicate keys, which makes
     * reading cheaper.
     */
    public static <T> Serde<T> state(Class<T> type) {
        return Serdes.serdeFrom(serializer(type), deserializer(type, true));
    }

    private static <T> Serializer<T> serializer(Class<T> type) {
        var writer = MAPPER.writerFor(type);
        return (topic, value) -> {
            try {
                return value == null ? null : bounded(topic, type, writer.writeValueAsBytes(value));
            } catch (IOException e) {
                throw new SerializationException("Expected to write a " + type.getSimpleName() + " to " + topic, e);
            }
        };
    }

    /**
     * Refuses a value that is too large for a topic before it is sent or stored. The producer would refuse it later, when the input
     * that caused it is no longer known, and again after each restart.
     */
    private static byte[] bounded(String topic, Class<?> type, byte[] json) {
        if (json.length > Topics.MOST_VALUE_BYTES) {
            throw new SerializationException("Expected a " + type.getSimpleName() + " for " + topic + " to have "
                    + Topics.MOST_VALUE_BYTES + " bytes at most but it has " + json.length);
        }
        return json;
    }

    private static <T> Deserializer<T> deserializer(Class<T> type, boolean duplicateKeysAllowed) {
        var reader = MAPPER.readerFor(type).with(new FieldNames(duplicateKeysAllowed));
        return (topic, bytes) -> {
            try {
                return bytes == null ? null : reader.readValue(bytes);
            } catch (IOException e) {
                throw new SerializationException(
                        "Expected a " + type.getSimpleName() + " on " + topic + " but could not read it", e);
            }
        };
    }
}
