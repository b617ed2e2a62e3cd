package io.flexmetry.local;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long these tests wait for a condition. The duration itself is never asserted: a test fails only if the condition
 * never holds, however busy the machine is.
 */
public final class Patience implements BeforeAllCallback {

    /** Far longer than anything takes. */
    public static final Duration LONG = Duration.ofMinutes(5);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LONG);
    }
}
