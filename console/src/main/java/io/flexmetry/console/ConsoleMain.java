package io.flexmetry.console;

import io.flexmetry.contract.service.ServiceMain;
import java.time.InstantSource;

/** {@code ./flexmetry console}. */
public final class ConsoleMain {

    private ConsoleMain() {}

    public static void main(String[] args) {
        ServiceMain.run(
                "console", args, Console::check, environment -> Console.start(environment, InstantSource.system()));
    }
}
