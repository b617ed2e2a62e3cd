package io.flexmetry.ingest;

/** Whether webhooks are taken. */
enum Readiness {
    /** To Kafka. */
    UP,
    /** To the spool on local disk. */
    DEGRADED,
    /** No. */
    DOWN
}
