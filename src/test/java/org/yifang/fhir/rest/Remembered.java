package org.yifang.fhir.rest;

import org.yifang.platform.data.Tx;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// An audit log that is only remembered.
public final class Remembered implements FhirRouter.Auditing {
    private final List<Access> all = new CopyOnWriteArrayList<>();

    /// What was recorded, in its order.
    public List<Access> all() {
        return all;
    }

    @Override
    public void record(Access access) {
        all.add(access);
    }

    @Override
    public UUID append(Tx tx, Access access) {
        all.add(access);
        return UUID.randomUUID();
    }
}
