package io.flexmetry.processors.store;

/** Read-only access to the tables of a store. */
public interface Tables {

    /** A read-only view of a table. */
    <V> Table.View<V> read(Table.Definition<V> table);
}
