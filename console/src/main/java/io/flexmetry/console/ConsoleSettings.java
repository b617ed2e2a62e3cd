package io.flexmetry.console;

import io.flexmetry.console.web.Access;
import io.flexmetry.console.web.TrustedProxies;
import io.flexmetry.contract.settings.CalendarConfiguration;
import io.flexmetry.contract.settings.CapacityConfiguration;
import io.flexmetry.contract.settings.Configuration;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.KafkaSettings;
import io.flexmetry.contract.settings.PrivacyConfiguration.WorkerNames;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.TargetsConfiguration;
import io.flexmetry.contract.settings.Variable;
import java.net.URI;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the console.
 *
 * @param host address to listen on
 * @param port port to listen on
 * @param access who may use the console
 * @param kafka the cluster
 * @param zone time zone for the start of a day
 * @param targets service levels
 * @param calendar business hours
 * @param capacity how many tasks an agent takes at a time
 * @param workerNames whether names of workers are shown
 * @param origins origins of other pages that may call {@code /api/availability}
 * @param processors base URL of the processors' query API; absent if explanations are not available
 */
record ConsoleSettings(
        String host,
        int port,
        Access access,
        KafkaSettings kafka,
        ZoneId zone,
        TargetsConfiguration targets,
        CalendarConfiguration calendar,
        CapacityConfiguration capacity,
        WorkerNames workerNames,
        Set<String> origins,
        @Nullable URI processors) {

    static final int DEFAULT_PORT = 8081;

    private static final String THIS_MACHINE = "127.0.0.1";
    private static final Set<String> LOOPBACK = Set.of(THIS_MACHINE, "localhost", "::1");

    /** A shorter token can be guessed. */
    private static final int SHORTEST_TOKEN = 16;

    /**
     * Reads the settings.
     *
     * @throws SettingsException if one is wrong, or if other machines could use the console without authentication
     */
    static ConsoleSettings from(Environment environment) {
        String host = environment.find(Variable.FLEXMETRY_CONSOLE_HOST).orElse(THIS_MACHINE);
        Optional<String> token = environment.find(Variable.FLEXMETRY_CONSOLE_TOKEN);
        Optional<TrustedProxies> proxies = proxies(environment);
        if (token.isEmpty() && proxies.isEmpty() && !LOOPBACK.contains(host)) {
            throw new SettingsException("Expected " + Variable.FLEXMETRY_CONSOLE_TOKEN + " to be set, or "
                    + Variable.FLEXMETRY_CONSOLE_PROXY_HEADER + " and " + Variable.FLEXMETRY_CONSOLE_PROXIES
                    + ", because " + Variable.FLEXMETRY_CONSOLE_HOST + " is " + host
                    + ": other machines can reach the console");
        }
        if (token.isPresent() && token.get().length() < SHORTEST_TOKEN) {
            throw new SettingsException("Expected " + Variable.FLEXMETRY_CONSOLE_TOKEN + " to have "
                    + SHORTEST_TOKEN + " characters or more but it has "
                    + token.get().length());
        }
        Configuration configuration = Configuration.from(environment);
        return new ConsoleSettings(
                host,
                environment.port(Variable.FLEXMETRY_CONSOLE_PORT, DEFAULT_PORT),
                new Access(token.orElse(null), proxies.orElse(null)),
                environment.kafka(),
                environment
                        .find(Variable.FLEXMETRY_TIME_ZONE)
                        .map(ConsoleSettings::zone)
                        .orElse(ZoneId.of("UTC")),
                configuration.targets(),
                configuration.calendar(),
                configuration.capacity(),
                configuration.privacy().workerNames(),
                environment.origins(Variable.FLEXMETRY_CONSOLE_ORIGINS),
                environment.origin(Variable.FLEXMETRY_PROCESSORS_URL).orElse(null));
    }

    private static Optional<TrustedProxies> proxies(Environment environment) {
        Optional<String> header = environment.find(Variable.FLEXMETRY_CONSOLE_PROXY_HEADER);
        Optional<String> addresses = environment.find(Variable.FLEXMETRY_CONSOLE_PROXIES);
        if (header.isPresent() != addresses.isPresent()) {
            throw new SettingsException(
                    "Expected both or neither of " + Variable.FLEXMETRY_CONSOLE_PROXY_HEADER + " and "
                            + Variable.FLEXMETRY_CONSOLE_PROXIES + " to be set but only "
                            + (header.isPresent()
                                    ? Variable.FLEXMETRY_CONSOLE_PROXY_HEADER
                                    : Variable.FLEXMETRY_CONSOLE_PROXIES)
                            + " is");
        }
        return header.map(name -> TrustedProxies.of(name, addresses.orElseThrow()));
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new SettingsException("Expected " + Variable.FLEXMETRY_TIME_ZONE
                    + " to be a time zone such as Europe/Berlin but it is " + name);
        }
    }

    /** Does not contain the token. */
    @Override
    public String toString() {
        return "ConsoleSettings[" + host + ":" + port + ", kafka=" + kafka + "]";
    }
}
