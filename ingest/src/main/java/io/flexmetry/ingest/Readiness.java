package io.flexmetry.ingest;

/** Where webhooks are stored now. */
enum Readiness {
    /** In Kafka. */
    UP,
    /** In the spool on local disk, or Kafka refuses some records. */
    DEGRADED,
    /** Nowhere. */
    DOWN
}
