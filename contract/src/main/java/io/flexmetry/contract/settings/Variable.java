package io.flexmetry.contract.settings;

import java.util.EnumSet;
import java.util.Set;

/** The environment variables that Flexmetry reads: part of the outside contract. */
public enum Variable {
    /** The account (AC…). */
    TWILIO_ACCOUNT_SID,
    /** Signs webhooks, and authenticates REST calls unless an API key is set. */
    TWILIO_AUTH_TOKEN,
    /** Also accepted for signatures, while a token is rotated. */
    TWILIO_AUTH_TOKEN_SECONDARY,
    /** API key (SK…) for REST calls, used instead of the token. */
    TWILIO_API_KEY,
    /** The API key's secret. */
    TWILIO_API_SECRET,
    /** The TaskRouter workspace (WS…). */
    TWILIO_WORKSPACE_SID,
    /** Origin that every REST call goes to instead of Twilio's own; path and query stay. */
    FLEXMETRY_TWILIO_BASE_URL,
    /** The origin that Twilio calls: signatures are made over it. */
    FLEXMETRY_PUBLIC_URL,
    /** Port of ingest. */
    FLEXMETRY_HTTP_PORT,
    /** Port of the console. */
    FLEXMETRY_CONSOLE_PORT,
    /** What the console listens on; others than this machine need a token or a trusted proxy. */
    FLEXMETRY_CONSOLE_HOST,
    /** Whoever looks at the console has to send it. */
    FLEXMETRY_CONSOLE_TOKEN,
    /** A header by which a reverse proxy tells the console whom it has authenticated. */
    FLEXMETRY_CONSOLE_PROXY_HEADER,
    /** Addresses of the proxies that may send it. */
    FLEXMETRY_CONSOLE_PROXIES,
    /** Pages of these origins may ask the console who is free. */
    FLEXMETRY_CONSOLE_ORIGINS,
    /** The time zone in which the console's day begins, such as {@code Europe/Berlin}. */
    FLEXMETRY_TIME_ZONE,
    /** Where processors answer the console's questions: origin of the health port of any of them. */
    FLEXMETRY_PROCESSORS_URL,
    /** Port of {@code /health/live}, {@code /health/ready} and {@code /metrics}; unless set none, and ingest's public one. */
    FLEXMETRY_HEALTH_PORT,
    /** The Kafka cluster. */
    FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS,
    /** Partitions of topics that are created; absent = those that exist, or 12. */
    FLEXMETRY_PARTITIONS,
    /** Copies of each partition of topics that are created; absent = the broker's default. */
    FLEXMETRY_REPLICATION_FACTOR,
    /** Name of this instance that stays the same over restarts: then a restart does not wait for its own ghost. */
    FLEXMETRY_INSTANCE_ID,
    /** Secret that keys the hashes of addresses and identities. */
    FLEXMETRY_HASH_KEY,
    /** Where ingest keeps events while Kafka cannot take them. */
    FLEXMETRY_SPOOL_DIR,
    /** Room for them, bytes. */
    FLEXMETRY_SPOOL_BYTES,
    /** Where processors keep their state. */
    FLEXMETRY_STATE_DIR,
    /** ISO 8601 time of the sample's inactivity timeout; only with {@code inactivity: seed}. */
    TIMEOUT,
    /** The YAML file. */
    FLEXMETRY_CONFIG,
    /** Level of the log: DEBUG, INFO, WARN or ERROR. */
    FLEXMETRY_LOG_LEVEL;

    private static final Set<Variable> SECRETS = EnumSet.of(
            TWILIO_AUTH_TOKEN,
            TWILIO_AUTH_TOKEN_SECONDARY,
            TWILIO_API_KEY,
            TWILIO_API_SECRET,
            FLEXMETRY_HASH_KEY,
            FLEXMETRY_CONSOLE_TOKEN);

    /** Whether its value may come from a file, which a variable of the same name with {@code _FILE} names. */
    boolean isSecret() {
        return SECRETS.contains(this);
    }
}
