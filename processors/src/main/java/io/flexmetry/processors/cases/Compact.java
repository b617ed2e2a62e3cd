package io.flexmetry.processors.cases;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonFormat;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * State that is written as a JSON array of its components in their order: their names would be half of the bytes. A
 * component that is added later goes to the end and is {@code @Nullable}.
 */
@JacksonAnnotationsInside
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Compact {}
