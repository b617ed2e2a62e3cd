package io.flexmetry.processors;

import io.flexmetry.contract.service.ServiceMain;

/** {@code ./flexmetry processors}. */
public final class ProcessorsMain {

    private ProcessorsMain() {}

    public static void main(String[] args) {
        ServiceMain.run("processors", args, Processors::check, Processors::start);
    }
}
