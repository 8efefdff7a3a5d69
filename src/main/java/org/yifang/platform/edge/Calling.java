package org.yifang.platform.edge;

import java.util.function.BooleanSupplier;

/// Who is being served by this thread, for whoever gives out turns or asks whether the caller is
/// still there.
///
/// @param client whose turn it is, empty for the service itself
/// @param gone whether nobody waits for the answer any more
public record Calling(String client, BooleanSupplier gone) {
    private static final ScopedValue<Calling> NOW = ScopedValue.newInstance();

    /// The service itself, which never goes.
    public static final Calling NOBODY = new Calling("", () -> false);

    /// Who is being served.
    public static Calling now() {
        return NOW.orElse(NOBODY);
    }

    /// Does something for this caller.
    public <T> T during(ScopedValue.CallableOp<T, RuntimeException> work) {
        return ScopedValue.where(NOW, this).call(work);
    }

    public boolean isGone() {
        return gone.getAsBoolean();
    }
}
