package io.flexmetry.local;

import io.flexmetry.console.Console;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.ingest.Ingest;
import io.flexmetry.local.twilio.SimulatedAccount;
import io.flexmetry.processors.Processors;
import io.flexmetry.sink.Sink;

/** Checks the settings of all services before any of them is started. */
final class LocalSettings {

    /** A placeholder for the embedded broker, whose port is not known yet. */
    private static final String SOME_BROKER = "127.0.0.1:9092";

    private LocalSettings() {}

    /**
     * Checks the settings.
     *
     * @param demo whether the sample day is to be played
     * @throws SettingsException if one is wrong, or a port is in use
     */
    static void check(Environment environment, boolean demo) {
        if (environment.find(Variable.FLEXMETRY_TWILIO_BASE_URL).isPresent()) {
            environment.origin(Variable.FLEXMETRY_TWILIO_BASE_URL);
            if (demo) {
                throw new SettingsException("Expected --no-demo together with " + Variable.FLEXMETRY_TWILIO_BASE_URL
                        + ": the tasks of the sample day exist only in the simulator");
            }
            requireWithTwilio(environment, Variable.TWILIO_ACCOUNT_SID);
            requireWithTwilio(environment, Variable.TWILIO_AUTH_TOKEN);
        }
        Environment complete = SimulatedAccount.defaults(environment)
                .withDefault(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS, SOME_BROKER);
        Processors.check(complete);
        Sink.check(complete);
        Ingest.check(complete);
        // if no port is configured, another free one is used
        Console.check(complete.withDefault(Variable.FLEXMETRY_CONSOLE_PORT, LocalConsole.ANY_PORT));
    }

    /** The simulator's credentials would be refused by any other Twilio. */
    private static void requireWithTwilio(Environment environment, Variable variable) {
        if (environment.find(variable).isEmpty()) {
            throw new SettingsException("Expected environment variable " + variable + " to be set together with "
                    + Variable.FLEXMETRY_TWILIO_BASE_URL + ": the default credentials are only for the simulator");
        }
    }
}
