package io.flexmetry.processors.store;

/**
 * State whose collections have limits. All of it is one record, which is written again with each change and which a topic
 * must take.
 */
public interface Bounded<S> {

    /** The same without what is over its limits; itself where nothing is. Pure: the same knowledge leaves the same. */
    S bounded();

    /** How many entries its collections have together. */
    int size();
}
