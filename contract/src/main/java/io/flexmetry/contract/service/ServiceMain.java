package io.flexmetry.contract.service;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a service as a process: start, wait, stop. Exits with the codes of {@link Ending}; after a signal with 128 plus its number, as
 * shells expect.
 */
public final class ServiceMain {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);

    private static final String[] CHECK = {"--check"};

    private ServiceMain() {}

    /** Starts a service from the environment. */
    @FunctionalInterface
    public interface Start {
        /**
         * @throws SettingsException if the settings are wrong
         * @throws UnavailableException if something outside is not available
         */
        Service from(Environment environment) throws Exception;
    }

    /**
     * Runs until a signal arrives or the service dies; ends the process.
     *
     * @param args empty, or {@code --check}: then the settings are read and nothing is started
     * @param check reads all settings
     */
    public static void run(String name, String[] args, Consumer<Environment> check, Start start) {
        Ending.after(name, environment -> {
            if (Arrays.equals(args, CHECK)) {
                check.accept(environment);
                return Ending.WELL;
            }
            if (args.length > 0) {
                throw new SettingsException(
                        "Expected no argument, or " + CHECK[0] + ", but found " + String.join(" ", args));
            }
            return serve(name, environment, start);
        });
    }

    private static int serve(String name, Environment environment, Start start) throws Exception {
        Optional<Integer> healthPort = healthPort(environment);
        healthPort.ifPresent(port -> Ports.requireFree(Variable.FLEXMETRY_HEALTH_PORT, port));
        Service service = start.from(environment);
        HealthServer health = health(healthPort, service);
        CompletableFuture<Void> signalled = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread hook = new Thread(
                () -> {
                    signalled.complete(null);
                    closed.join();
                },
                name + "-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        LOG.atInfo().addKeyValue("service", name).log("Started");
        try {
            CompletableFuture.anyOf(signalled, service.died().toCompletableFuture())
                    .join();
            LOG.atInfo().addKeyValue("service", name).log("Stopping");
            return Ending.WELL;
        } catch (CompletionException e) {
            return Ending.report(name, e, System.err);
        } finally {
            try {
                health.close();
                service.close();
            } finally {
                // also after an exception: the hook waits for it, and the process for the hook
                closed.complete(null);
            }
        }
    }

    private static Optional<Integer> healthPort(Environment environment) {
        return environment
                .find(Variable.FLEXMETRY_HEALTH_PORT)
                .map(set -> environment.port(Variable.FLEXMETRY_HEALTH_PORT, 0));
    }

    private static HealthServer health(Optional<Integer> port, Service service) throws Exception {
        return port.isPresent() && !service.servesHealth()
                ? HealthServer.start(port.get(), service)
                : HealthServer.none();
    }
}
