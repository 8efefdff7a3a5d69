package org.yifang.audit.event;

import org.yifang.fhir.rest.Access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Counts unauthenticated refusals by address, so that a flood of them is one event a minute.
final class RefusalCounts {
    static final String OTHER_ADDRESSES = "*";

    /// The first call of an address and how many like it came.
    record Counted(Access first, int times) {}

    private Map<String, Counted> byAddress = new LinkedHashMap<>();

    // Held for a map access only; nothing waits inside.
    synchronized void count(Access access) {
        boolean known =
                byAddress.containsKey(access.address()) || byAddress.size() < AuditLimits.ADDRESSES;
        Access counted = known ? access : at(access, OTHER_ADDRESSES);
        byAddress.merge(
                counted.address(),
                new Counted(counted, 1),
                (before, one) -> new Counted(before.first, before.times + 1));
    }

    synchronized List<Counted> drain() {
        List<Counted> counted = new ArrayList<>(byAddress.values());
        byAddress = new LinkedHashMap<>();
        return counted;
    }

    private static Access at(Access access, String address) {
        return new Access(
                access.caller(),
                address,
                access.requestId(),
                access.interaction(),
                access.name(),
                access.act(),
                access.problem(),
                access.patients(),
                access.tasks(),
                access.entities(),
                access.change(),
                access.query());
    }
}
