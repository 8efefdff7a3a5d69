package org.yifang.notify.subscription;

import io.vertx.core.WorkerExecutor;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Outbound;

/// Which addresses may be told at all.
public final class Endpoints {
    private final Outbound outbound;
    private final WorkerExecutor names;

    /// @param names where it is waited for the name service
    public Endpoints(Outbound outbound, WorkerExecutor names) {
        this.outbound = outbound;
        this.names = names;
    }

    /// What is wrong with an address, null when nothing is. Waits.
    @Nullable String fault(String address) {
        return names.executeBlocking(() -> outbound.fault(address), false).await();
    }
}
