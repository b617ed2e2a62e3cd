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
 * What the console needs to know.
 *
 * @param host to listen on
 * @param port to listen on
 * @param access who may look
 * @param kafka the cluster
 * @param zone in which a day begins
 * @param targets what is to be reached
 * @param calendar when somebody is there
 * @param capacity how many tasks an agent takes at a time
 * @param workerNames by what workers are called
 * @param origins of pages of somebody else that may ask who is free
 * @param processors where processors answer questions; absent where they are not asked
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

    /** A shorter one can be guessed. */
    private static final int SHORTEST_TOKEN = 16;

    /**
     * Reads them.
     *
     * @throws SettingsException if one is wrong, or anybody elsewhere could look
     */
    static ConsoleSettings from(Environment environment) {
        String host = environment.find(Variable.FLEXMETRY_CONSOLE_HOST).orElse(THIS_MACHINE);
        Optional<String> token = environment.find(Variable.FLEXMETRY_CONSOLE_TOKEN);
        Optional<TrustedProxies> proxies = proxies(environment);
        if (token.isEmpty() && proxies.isEmpty() && !LOOPBACK.contains(host)) {
            throw new SettingsException("Expected " + Variable.FLEXMETRY_CONSOLE_TOKEN + " to be set, or "
                    + Variable.FLEXMETRY_CONSOLE_PROXY_HEADER + " and " + Variable.FLEXMETRY_CONSOLE_PROXIES
                    + ", because " + Variable.FLEXMETRY_CONSOLE_HOST + " is " + host
                    + ": others than this machine can look");
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

    /** Without the token. */
    @Override
    public String toString() {
        return "ConsoleSettings[" + host + ":" + port + ", kafka=" + kafka + "]";
    }
}
