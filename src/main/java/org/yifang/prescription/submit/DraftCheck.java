package org.yifang.prescription.submit;

import org.yifang.catalogue.Drug;
import org.yifang.fhir.Fhir;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.registry.Patients;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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
    public List<Finding> findings(Caller caller, byte[] body, Fhir.Format format) {
        CheckedDocument document = check.check(caller, body, format);
        List<Finding> all = new ArrayList<>(document.findings());
        all.addAll(running(caller, document.submission()));
        return all;
    }

    private List<Finding> running(Caller caller, Submission submission) {
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
            return List.of();
        }
        return patients.idOf(person.system(), person.number())
                .map(patient ->
                        RunningStore.names(
                                database,
                                caller,
                                patient,
                                submission.numbers(),
                                names,
                                clock.instant()))
                .map(Cautions::overlapping)
                .orElse(List.of());
    }
}
