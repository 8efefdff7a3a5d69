package org.yifang.audit.event;

import org.yifang.fhir.rest.Access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts unauthenticated refusals by address, so that a flood of them is one event a minute.
final class RefusalCounts {
    static final String OTHER_ADDRESSES = "*";

    /// The first call of an address and how many like it came.
    record Counted(Access first, int times) {}

    private final Map<String, Counted> byAddress = new ConcurrentHashMap<>();

    void count(Access access) {
        boolean known =
                byAddress.containsKey(access.address()) || byAddress.size() < AuditLimits.ADDRESSES;
        Access counted = known ? access : at(access, OTHER_ADDRESSES);
        byAddress.merge(
                counted.address(),
                new Counted(counted, 1),
                (before, one) -> new Counted(before.first, before.times + 1));
    }

    List<Counted> drain() {
        List<Counted> counted = new ArrayList<>();
        for (String address : byAddress.keySet()) {
            if (!address.equals(OTHER_ADDRESSES)) {
                take(address, counted);
            }
        }
        take(OTHER_ADDRESSES, counted);
        return counted;
    }

    /// What comes at the same time begins anew, and is written the next time.
    private void take(String address, List<Counted> into) {
        Counted taken = byAddress.remove(address);
        if (taken != null) {
            into.add(taken);
        }
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
