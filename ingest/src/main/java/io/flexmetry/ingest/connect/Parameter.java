package io.flexmetry.ingest.connect;

/** A parameter of a request; names may repeat. */
record Parameter(String name, String value) {}
