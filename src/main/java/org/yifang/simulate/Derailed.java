package org.yifang.simulate;

/// Ends a story whose service answered something else than the contract says; it is counted
/// already.
final class Derailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Derailed(String message) {
        super(message, null, false, false);
    }
}
