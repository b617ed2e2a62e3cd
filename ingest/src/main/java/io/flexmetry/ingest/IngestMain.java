package io.flexmetry.ingest;

import io.flexmetry.contract.service.ServiceMain;
import java.time.InstantSource;

/** {@code ./flexmetry ingest}. */
public final class IngestMain {

    private IngestMain() {}

    public static void main(String[] args) {
        ServiceMain.run(
                "ingest", args, Ingest::check, environment -> Ingest.start(environment, InstantSource.system()));
    }
}
