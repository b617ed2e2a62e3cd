package io.flexmetry.contract.topic;

import io.flexmetry.contract.event.Limits;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Size limit of a record component: the most entries of a collection, or UTF-16 code units of a text. The code that creates the record
 * enforces it. A test computes the largest possible records from these limits and compares them with the limits of the topics.
 *
 * <p>Default limits: a text has at most {@value Limits#MOST_TEXT} code units, and a component whose name ends in {@code Sid} is a SID.
 * Collections have no default, unless their keys are an enum.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface AtMost {

    /** Number of entries, or of UTF-16 code units. */
    int value();

    /** UTF-16 code units of a map's keys, or of the entries of a collection of texts. */
    int key() default Limits.MOST_SID;
}
