package io.flexmetry.local;

import io.flexmetry.console.Console;
import io.flexmetry.console.web.ConsoleServer.Explainer;
import io.flexmetry.contract.service.Query;
import io.flexmetry.contract.settings.Environment;
import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.flexmetry.processors.explain.ExplainQuery;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The console of a local stack. */
final class LocalConsole {

    /** Any free port. */
    static final String ANY_PORT = "0";

    private LocalConsole() {}

    /** Starts the console; on another port if none is configured and the default one is in use. */
    static Console start(Environment environment, LocalStack stack) throws InterruptedException, ExecutionException {
        Environment complete = environment.with(Variable.FLEXMETRY_KAFKA_BOOTSTRAP_SERVERS, stack.bootstrapServers());
        try {
            return Console.start(complete, stack.floorClock(), explainer(stack));
        } catch (SettingsException e) {
            if (environment.find(Variable.FLEXMETRY_CONSOLE_PORT).isPresent()) {
                throw e;
            }
            return Console.start(
                    complete.with(Variable.FLEXMETRY_CONSOLE_PORT, ANY_PORT), stack.floorClock(), explainer(stack));
        }
    }

    /** Calls the processors of the same process without HTTP. */
    private static Explainer explainer(LocalStack stack) {
        Query query = stack.explain();
        return taskSid -> CompletableFuture.supplyAsync(() -> query.answer(URI.create(ExplainQuery.PATH + taskSid)));
    }
}
