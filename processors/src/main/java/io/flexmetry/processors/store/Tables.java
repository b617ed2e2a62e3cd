package io.flexmetry.processors.store;

/** The tables of a store, for somebody who only reads them. */
public interface Tables {

    /** One of them. */
    <V> Table.View<V> read(Table.Definition<V> table);
}
