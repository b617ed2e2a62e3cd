package io.flexmetry.contract.topic;

import io.flexmetry.contract.event.Limits;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The bound of a record's component: of a collection, how many entries it has at most; of a text, how many UTF-16 code
 * units. Whoever makes the record keeps it. A test multiplies the bounds and compares the result with what a topic takes.
 *
 * <p>Without it, a text is {@value Limits#MOST_TEXT} long at most, and a component whose name ends in {@code Sid} is a SID.
 * A collection must have it, unless its keys are an enumeration.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface AtMost {

    /** Entries, or UTF-16 code units. */
    int value();

    /** UTF-16 code units of the keys of a map, or of the entries of a collection of texts. */
    int key() default Limits.MOST_SID;
}
