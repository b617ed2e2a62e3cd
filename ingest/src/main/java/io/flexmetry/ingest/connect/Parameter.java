package io.flexmetry.ingest.connect;

/** A form parameter; names may repeat. */
record Parameter(String name, String value) {}
