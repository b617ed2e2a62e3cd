package io.flexmetry.contract.outcome;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.util.Objects;
import java.util.stream.Stream;

/** JSON names of results, from {@link JsonSubTypes}. */
final class Labels {

    private Labels() {}

    static <T> String of(Class<T> family, T result) {
        JsonSubTypes types = Objects.requireNonNull(family.getAnnotation(JsonSubTypes.class));
        return Stream.of(types.value())
                .filter(type -> type.value() == result.getClass())
                .map(JsonSubTypes.Type::name)
                .findFirst()
                .orElseThrow();
    }
}
