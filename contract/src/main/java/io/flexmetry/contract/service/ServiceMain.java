package io.flexmetry.contract.service;

import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one service as a process: start, wait, stop. It ends with code 1 when the service died, with 2 for bad settings,
 * and after a signal with 128 and the signal's number, as shells expect.
 */
public final class ServiceMain {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);

    private ServiceMain() {}

    /** Starts a service from the environment. */
    @FunctionalInterface
    public interface Start {
        /**
         * Starts it.
         *
         * @throws SettingsException if the environment does not allow it
         */
        Service from(Environment environment) throws Exception;
    }

    /** Runs until a signal comes or the service dies; ends the process. */
    public static void run(String name, Start start) {
        int code;
        try {
            code = serve(name, Environment.of(System.getenv()), start);
        } catch (SettingsException e) {
            System.err.println(name + ": " + e.getMessage());
            code = 2;
        } catch (Exception e) {
            LOG.atError().addKeyValue("service", name).setCause(e).log("Could not start");
            code = 1;
        }
        System.exit(code);
    }

    private static int serve(String name, Environment environment, Start start) throws Exception {
        Service service = start.from(environment);
        HealthServer health = health(environment, service);
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
            return 0;
        } catch (CompletionException e) {
            LOG.atError().addKeyValue("service", name).setCause(e.getCause()).log("Died");
            return 1;
        } finally {
            health.close();
            service.close();
            closed.complete(null);
        }
    }

    private static HealthServer health(Environment environment, Service service) throws Exception {
        Optional<Integer> port = environment
                .find(Variable.FLEXMETRY_HEALTH_PORT)
                .map(set -> environment.port(Variable.FLEXMETRY_HEALTH_PORT, 0));
        return port.isPresent() && !service.servesHealth()
                ? HealthServer.start(port.get(), service)
                : HealthServer.none();
    }
}
