package io.flexmetry.sink;

import io.flexmetry.contract.service.ServiceMain;
import java.time.InstantSource;

/** {@code ./flexmetry sink}. */
public final class SinkMain {

    private SinkMain() {}

    public static void main(String[] args) {
        ServiceMain.run("sink", args, Sink::check, environment -> Sink.start(environment, InstantSource.system()));
    }
}
