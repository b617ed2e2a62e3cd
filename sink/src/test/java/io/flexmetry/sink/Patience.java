package io.flexmetry.sink;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long these tests wait for what must happen. Nothing is asserted of the time that it takes: on a busy machine everything
 * takes long, and only what never happens should fail.
 */
public final class Patience implements BeforeAllCallback {

    /** Far longer than anything takes. */
    public static final Duration LONG = Duration.ofMinutes(5);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LONG);
    }
}
