package org.yifang;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.time.Duration;

/// How long a test waits for what has to come where it does not say so itself: what comes in a
/// tenth of a second takes much longer on a machine that does ten other things. Found by JUnit by
/// itself.
public final class Patience implements BeforeAllCallback {
    private static final Duration LONGEST = Duration.ofSeconds(40);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LONGEST);
    }
}
