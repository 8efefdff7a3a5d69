package org.yifang.prescription.submit;

import org.yifang.catalogue.Drug;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.rest.Validating.Judged;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.registry.Patients;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// Everything to be said of a document before it is taken in or while it awaits its review: its
/// profile, the rules, and what else runs for the patient.
public final class DraftCheck {
    private final Database database;
    private final DocumentCheck check;
    private final Patients patients;
    private final InstantSource clock;

    public DraftCheck(
            Database database, DocumentCheck check, Patients patients, InstantSource clock) {
        this.database = database;
        this.check = check;
        this.patients = patients;
        this.clock = clock;
    }

    /// Every finding, for `$validate`. Waits.
    public Judged judge(Caller caller, byte[] body, Fhir.Format format) {
        CheckedDocument document = check.check(caller, body, format);
        List<Finding> all = new ArrayList<>(document.findings());
        Judged running = running(caller, document.submission());
        all.addAll(running.findings());
        return new Judged(all, running.patients());
    }

    private Judged running(Caller caller, Submission submission) {
        Submission.Person person = submission.patient();
        List<String> names =
                submission.orders().stream()
                        .map(Submission.Order::drug)
                        .filter(Objects::nonNull)
                        .map(Drug::genericName)
                        .toList();
        boolean asks = caller.is(Role.REVIEWER) || caller.is(Role.HOSPITAL);
        if (!asks
                || names.isEmpty()
                || person == null
                || person.system() == null
                || person.number() == null) {
            return new Judged(List.of(), List.of());
        }
        UUID patient = patients.idOf(person.system(), person.number()).orElse(null);
        if (patient == null) {
            return new Judged(List.of(), List.of());
        }
        List<RunningStore.Running> running =
                RunningStore.all(database, caller, patient, submission.numbers(), clock.instant());
        List<Finding> findings =
                new ArrayList<>(
                        Cautions.overlapping(
                                running.stream()
                                        .map(RunningStore.Running::name)
                                        .filter(names::contains)
                                        .toList()));
        running.stream()
                .filter(one -> !names.contains(one.name()))
                .map(Cautions::alsoRunning)
                .forEach(findings::add);
        return new Judged(findings, List.of(patient));
    }
}
