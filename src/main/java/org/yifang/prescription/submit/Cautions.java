package org.yifang.prescription.submit;

import org.hl7.fhir.r4.model.Bundle;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.fhir.Fhir;
import org.yifang.platform.PrescribingLimits;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.read.DocumentViews;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// What a pharmacist should look at before handing out: allergies and missing skin tests of the
/// document, and what still runs from another prescription, without naming whose.
public final class Cautions {
    private final Catalogue catalogue;
    private final PrescribingLimits limits;
    private final SubmitStore store = new SubmitStore();

    public Cautions(Catalogue catalogue, PrescribingLimits limits) {
        this.catalogue = catalogue;
        this.limits = limits;
    }

    public List<Finding> of(Tx tx, PrescriptionRow row, DocumentViews.Whole document, Instant now) {
        Bundle bundle = Fhir.parse(Bundle.class, document.original(), document.format());
        Submission submission = SubmissionReader.read(bundle, catalogue);
        List<Finding> cautions = new ArrayList<>(SubmissionRules.cautions(submission, now, limits));
        List<String> names =
                submission.orders().stream()
                        .map(Submission.Order::drug)
                        .filter(Objects::nonNull)
                        .map(Drug::genericName)
                        .toList();
        UUID patient = row.frame().patient();
        cautions.addAll(overlapping(store.overlaps(tx, patient, row.id(), names, now).await()));
        return cautions;
    }

    /// What a reviewer thinks of beside the document: a drug of another name.
    static Finding alsoRunning(RunningStore.Running one) {
        return new Finding(
                ProblemCode.ALSO_RUNNING,
                "`"
                        + one.name()
                        + "` runs until `"
                        + LocalDate.ofInstant(one.until(), SubmissionReader.SHANGHAI)
                        + "` from another prescription.",
                "Consider interactions.",
                "Bundle.entry",
                true);
    }

    /// @param names what still runs for the patient
    static List<Finding> overlapping(List<String> names) {
        // Where it was prescribed is not this caller's business.
        return names.stream()
                .map(name ->
                        new Finding(
                                ProblemCode.OVERLAP,
                                "`" + name + "` still runs from another prescription.",
                                "Ask the patient what is being taken.",
                                "Bundle.entry",
                                true))
                .toList();
    }
}
