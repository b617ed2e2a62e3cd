package io.flexmetry.processors;

import static org.assertj.core.api.Assertions.assertThat;

import io.flexmetry.contract.event.DeadLetter;
import io.flexmetry.contract.event.Limits;
import io.flexmetry.contract.event.MessageFact;
import io.flexmetry.contract.event.Task;
import io.flexmetry.contract.event.UnrecognisedFact;
import io.flexmetry.contract.topic.AtMost;
import io.flexmetry.contract.topic.Json;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes the largest legal value of a record type: every component is present, collections and texts have the size of their
 * {@link AtMost}, and texts consist of a character that takes six bytes in JSON.
 */
final class Largest {

    private static final Instant AT = Instant.parse("2026-01-05T09:00:00.123456789Z");
    private static final BigDecimal NUMBER = new BigDecimal(new BigInteger("-" + "9".repeat(40)), 20);
    private static final String WORST = "\u0001";

    /** How many times the limit collections of the outermost record have, and of records declared in it. */
    private final int factor;

    /** Texts of one character, where only numbers of entries matter. */
    private final boolean shortTexts;

    Largest(int factor, boolean shortTexts) {
        this.factor = factor;
        this.shortTexts = shortTexts;
    }

    static <T> T of(Class<T> type) {
        return new Largest(1, false).make(type);
    }

    <T> T make(Class<T> type) {
        return type.cast(value(type, type, factor));
    }

    private Object value(Class<?> type, Class<?> root, int times) {
        if (type.isSealed() && type.isInterface()) {
            return permitted(type)
                    .map(one -> value(one, root, times))
                    .max(Comparator.comparingInt(one -> bytes(one)))
                    .orElseThrow();
        }
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .max(Comparator.comparingInt(one -> one.toString().length()))
                    .orElseThrow();
        }
        assertThat(type.isRecord()).as("%s is a record", type).isTrue();
        if (type.equals(UnrecognisedFact.class)) {
            // the event as Twilio sent it; ingest limits its size
            return new UnrecognisedFact(Map.of());
        }
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(components[i], root, times);
        }
        return construct(type, values);
    }

    private Object component(RecordComponent component, Class<?> root, int times) {
        Class<?> type = component.getType();
        AtMost most = component.getAnnotation(AtMost.class);
        Class<?> owner = component.getDeclaringRecord();
        if (owner.equals(DeadLetter.class) && component.getName().equals("original")) {
            return "A".repeat(DeadLetter.MOST_ORIGINAL_BYTES / 3 * 4 + 4);
        }
        if (owner.equals(MessageFact.class) && component.getName().equals("text") && !isEvent(root)) {
            // outcomes have no texts
            return null;
        }
        if (owner.equals(Task.class) && component.getName().equals("attributes") && isWriteBack(root)) {
            // write-back leaves attributes out
            return Map.of();
        }
        if (type.equals(String.class)) {
            return component.getName().endsWith("Sid")
                    ? text(0, Limits.MOST_SID)
                    : text(0, most == null ? Limits.MOST_TEXT : most.value());
        }
        if (Map.class.isAssignableFrom(type) || Collection.class.isAssignableFrom(type)) {
            return collection(
                    component.toString() + " of " + owner.getSimpleName(),
                    (ParameterizedType) component.getGenericType(),
                    most,
                    root,
                    times);
        }
        return owner == root && type.getEnclosingClass() == root ? value(type, root, times) : simple(type, root);
    }

    private static boolean isEvent(Class<?> root) {
        return root.getPackageName().equals("io.flexmetry.contract.event");
    }

    private static boolean isWriteBack(Class<?> root) {
        return root.getPackageName().equals("io.flexmetry.processors.writeback");
    }

    private Object simple(Class<?> type, Class<?> root) {
        if (type.equals(Instant.class)) {
            return AT;
        }
        if (type.equals(Duration.class)) {
            return Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
        }
        if (type.equals(BigDecimal.class)) {
            return NUMBER;
        }
        if (type.equals(long.class) || type.equals(Long.class)) {
            return Long.MIN_VALUE;
        }
        if (type.equals(int.class) || type.equals(Integer.class)) {
            return Integer.MIN_VALUE;
        }
        if (type.equals(boolean.class) || type.equals(Boolean.class)) {
            return false;
        }
        if (type.equals(String.class)) {
            return text(0, Limits.MOST_TEXT);
        }
        return value(type, root, 1);
    }

    private Object collection(String name, ParameterizedType type, AtMost most, Class<?> root, int times) {
        Type[] arguments = type.getActualTypeArguments();
        if (!Map.class.isAssignableFrom((Class<?>) type.getRawType())) {
            assertThat(most)
                    .as("%s says with @AtMost how many entries it has", name)
                    .isNotNull();
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < most.value() * times; i++) {
                all.add(
                        arguments[0].equals(String.class)
                                ? text(i, most.key())
                                : simple((Class<?>) arguments[0], root));
            }
            return Set.class.isAssignableFrom((Class<?>) type.getRawType()) ? new LinkedHashSet<>(all) : all;
        }
        Map<Object, Object> all = new LinkedHashMap<>();
        if (arguments[0] instanceof Class<?> keys && keys.isEnum()) {
            for (Object key : keys.getEnumConstants()) {
                all.put(key, simple((Class<?>) arguments[1], root));
            }
            return all;
        }
        assertThat(most)
                .as("%s says with @AtMost how many entries it has", name)
                .isNotNull();
        for (int i = 0; i < most.value() * times; i++) {
            all.put(text(i, most.key()), element(arguments[1], root));
        }
        return all;
    }

    /** A map of maps is one of keys and numbers. */
    private Object element(Type type, Class<?> root) {
        if (type instanceof Class<?> plain) {
            return simple(plain, root);
        }
        Map<Object, Object> numbers = new LinkedHashMap<>();
        IntStream.range(0, Limits.MOST_KEYS).forEach(i -> numbers.put(text(i, Limits.MOST_KEY), NUMBER));
        return numbers;
    }

    /** A SID is of ASCII; everything else may be of what JSON escapes. */
    private String text(int number, int length) {
        String distinct = String.format("%05d", number);
        if (shortTexts) {
            return distinct;
        }
        return distinct + (length == Limits.MOST_SID ? "x" : WORST).repeat(length - distinct.length());
    }

    private static Stream<Class<?>> permitted(Class<?> type) {
        return Stream.of(type.getPermittedSubclasses())
                .flatMap(one -> one.isInterface() ? permitted(one) : Stream.of(one));
    }

    private static Object construct(Class<?> type, Object[] values) {
        try {
            Class<?>[] types = Stream.of(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Expected to make a " + type, e);
        }
    }

    /** Its size as it is written. */
    static int bytes(Object value) {
        return bytes(value, value.getClass());
    }

    @SuppressWarnings("unchecked")
    private static <T> int bytes(Object value, Class<T> type) {
        return Json.serde(type).serializer().serialize("largest", (T) value).length;
    }
}
