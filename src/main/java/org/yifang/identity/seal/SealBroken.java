package org.yifang.identity.seal;

/// What was sealed cannot be opened: altered, moved to another place, or sealed under other keys.
public final class SealBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SealBroken(String message) {
        super(message);
    }
}
