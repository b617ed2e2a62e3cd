package io.flexmetry.processors.store;

/**
 * State whose collections have limits. The whole state is one record: each change writes it again, and it must fit into the
 * changelog topic's maximum record size.
 */
public interface Bounded<S> {

    /** This state without the entries beyond its limits; this object itself if nothing exceeds them. A pure function. */
    S bounded();

    /** The number of entries in all its collections. */
    int size();
}
