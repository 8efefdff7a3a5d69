package org.yifang.price.compare;

import org.yifang.platform.Caller;
import org.yifang.registry.Organization;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/// What a comparison asks of the prescriptions, which stand above this package: the App hands in
/// the answer.
public interface OpenPrescriptions {
    /// A prescription with lines to compare.
    ///
    /// @param patient whose it is, for the audit record
    /// @param lines those still open, with what is still to be dispensed
    /// @param pharmacies which may dispense it: retail for open circulation, else the issuing
    ///   hospital's own
    record Found(UUID patient, List<Comparison.Line> lines, Predicate<Organization> pharmacies) {}

    /// The prescription of a Task, for a caller who may compare it.
    ///
    /// @throws org.yifang.platform.problem.Problem `RX-1004` when it is not the caller's to see, or
    ///   the code of the state that forbids it
    Found find(UUID task, Caller caller);

    /// The same, held in the state that it is in until the transaction of this thread ends.
    Found hold(UUID task, Caller caller);

    /// Which of these lines have something left to be dispensed, whatever their prescriptions are.
    Set<UUID> stillOpen(Collection<UUID> lines);

    /// Whether a line is one of this Task, with something left or not.
    boolean hasLine(UUID task, UUID line);

    /// The patient of a Task in whatever state, for a caller who may read it.
    ///
    /// @throws org.yifang.platform.problem.Problem `RX-1004` when it is not the caller's to see
    UUID patientOf(UUID task, Caller caller);
}
