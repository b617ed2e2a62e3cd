package io.flexmetry.contract.settings;

import java.util.EnumSet;
import java.util.Set;

/** The environment variables that Flexmetry reads; part of the public contract. */
public enum Variable {
    /** The Twilio account (AC…). */
    TWILIO_ACCOUNT_SID,
    /** Signs webhooks, and authenticates REST calls unless an API key is set. */
    TWILIO_AUTH_TOKEN,
    /** The secondary auth token, also accepted for signatures while tokens are rotated. */
    TWILIO_AUTH_TOKEN_SECONDARY,
    /** API key (SK…) for REST calls, used instead of the token. */
    TWILIO_API_KEY,
    /** The API key's secret. */
    TWILIO_API_SECRET,
    /** The TaskRouter workspace (WS…). */
    TWILIO_WORKSPACE_SID,
    /** Origin of all REST calls in place of Twilio's; path and query stay. */
    FLEXMETRY_TWILIO_BASE_URL,
    /** The public origin that Twilio calls; part of the signed URL. */
    FLEXMETRY_PUBLIC_URL,
    /** Port of ingest. */
    FLEXMETRY_HTTP_PORT,
    /** Port of the console. */
    FLEXMETRY_CONSOLE_PORT,
    /** Address that the console listens on; any but localhost requires a token or a trusted proxy. */
    FLEXMETRY_CONSOLE_HOST,
    /** Token required to access the console. */
    FLEXMETRY_CONSOLE_TOKEN,
    /** Header in which a reverse proxy sends the authenticated user to the console. */
    FLEXMETRY_CONSOLE_PROXY_HEADER,
    /** Addresses of the proxies that may send the header. */
    FLEXMETRY_CONSOLE_PROXIES,
    /** Origins of the pages that may query availability from the console. */
    FLEXMETRY_CONSOLE_ORIGINS,
    /** The time zone in which the console's day begins, such as {@code Europe/Berlin}. */
    FLEXMETRY_TIME_ZONE,
    /** Origin of the health port of any instance of processors, for the console's queries. */
    FLEXMETRY_PROCESSORS_URL,
    /** Port of {@code /health/live}, {@code /health/ready} and {@code /metrics}. If not set: none, and in ingest the public port. */
    FLEXMETRY_HEALTH_PORT,
    /** The Kafka cluster. */
    FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS,
    /** Partitions of new topics; absent = as many as existing topics have, or 12. */
    FLEXMETRY_PARTITIONS,
    /** Replicas of each partition of new topics; absent = the broker's default. */
    FLEXMETRY_REPLICATION_FACTOR,
    /** Name of this instance, the same after a restart: the group does not wait for the session timeout of its predecessor. */
    FLEXMETRY_INSTANCE_ID,
    /** Secret that keys the hashes of addresses and identities. */
    FLEXMETRY_HASH_KEY,
    /** Folder for ingest's spool: events that Kafka could not take yet. */
    FLEXMETRY_SPOOL_DIR,
    /** Maximum size of the spool, bytes. */
    FLEXMETRY_SPOOL_BYTES,
    /** Folder for the state of processors. */
    FLEXMETRY_STATE_DIR,
    /** Timeout of the sample's inactivity, ISO 8601; only with {@code inactivity: seed}. */
    TIMEOUT,
    /** Path of the YAML file. */
    FLEXMETRY_CONFIG,
    /** Log level: DEBUG, INFO, WARN or ERROR. */
    FLEXMETRY_LOG_LEVEL;

    private static final Set<Variable> SECRETS = EnumSet.of(
            TWILIO_AUTH_TOKEN,
            TWILIO_AUTH_TOKEN_SECONDARY,
            TWILIO_API_KEY,
            TWILIO_API_SECRET,
            FLEXMETRY_HASH_KEY,
            FLEXMETRY_CONSOLE_TOKEN);

    /** Whether the value may come from a file; the variable with the suffix {@code _FILE} names it. */
    boolean isSecret() {
        return SECRETS.contains(this);
    }
}
