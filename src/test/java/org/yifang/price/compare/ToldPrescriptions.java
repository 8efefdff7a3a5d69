package org.yifang.price.compare;

import org.yifang.platform.Caller;

import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// The prescriptions that a test tells, all of one patient.
final class ToldPrescriptions implements OpenPrescriptions {
    private final PriceFixture county;

    ToldPrescriptions(PriceFixture county) {
        this.county = county;
    }

    @Override
    public Found find(UUID task, Caller caller) {
        return new Found(
                PriceFixture.PATIENT,
                county.prescriptions.apply(task).stream()
                        .filter(line -> !county.handedOut.contains(line.id()))
                        .toList(),
                pharmacy -> !pharmacy.isInHouse());
    }

    @Override
    public Set<UUID> stillOpen(Collection<UUID> lines) {
        return lines.stream()
                .filter(line -> !county.handedOut.contains(line))
                .collect(Collectors.toSet());
    }

    @Override
    public boolean hasLine(UUID task, UUID line) {
        return county.prescriptions.apply(task).stream().anyMatch(one -> one.id().equals(line));
    }

    @Override
    public Found hold(UUID task, Caller caller) {
        return find(task, caller);
    }

    @Override
    public UUID patientOf(UUID task, Caller caller) {
        return PriceFixture.PATIENT;
    }
}
