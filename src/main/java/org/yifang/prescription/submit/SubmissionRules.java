package org.yifang.prescription.submit;

import static org.yifang.platform.problem.ProblemCode.*;

import org.yifang.catalogue.Drug;
import org.yifang.platform.PrescribingLimits;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.prescription.submit.Submission.Order;

import java.time.Instant;
import java.util.List;

/// Every rule that a submitted prescription meets, all findings at once.
final class SubmissionRules {
    /// Stands on every prescription: by which rules it was judged.
    static final String VERSION = "2026.11";

    /// @param caller number of the calling hospital
    /// @param titles the registered rank of a physician by staff number, in words, or null
    static List<Finding> check(
            Submission submission,
            String caller,
            Instant now,
            PrescribingLimits limits,
            RegisteredTitles titles) {
        Inspection rule = new Inspection(submission, caller, now, limits, titles);
        DocumentRules.check(rule);
        SupplyRules.check(rule);
        ControlledRules.check(rule);
        cautions(rule);
        return List.copyOf(rule.findings());
    }

    /// Only what prescriber and pharmacist should look at.
    static List<Finding> cautions(Submission submission, Instant now, PrescribingLimits limits) {
        Inspection rule = new Inspection(submission, "", now, limits, _ -> null);
        cautions(rule);
        return List.copyOf(rule.findings());
    }

    /// What prescriber and pharmacist should look at: allergies, skin tests.
    private static void cautions(Inspection rule) {
        for (Order order : rule.submission().orders()) {
            Drug drug = order.drug();
            if (drug == null) {
                continue;
            }
            String where = order.expression() + ".medicationCodeableConcept";
            skinTest(rule, drug, where);
            // Once a drug, however often the allergy is named.
            if (rule.submission().allergies().stream()
                    .anyMatch(allergy -> Allergies.touches(allergy, drug))) {
                rule.warn(
                        ALLERGY,
                        where,
                        "The document names an allergy that `"
                                + drug.genericName()
                                + "` may touch.",
                        "Check the allergy before anything is handed out.");
            }
        }
    }

    /// A test that names a substance says nothing about other drugs; one that names none counts for
    /// whatever needs a test.
    private static void skinTest(Inspection rule, Drug drug, String where) {
        List<Submission.SkinTest> tests =
                rule.submission().skinTests().stream()
                        .filter(test ->
                                isUnnamed(test.of())
                                        ? drug.skinTest()
                                        : Allergies.touches(test.of(), drug))
                        .toList();
        if (tests.stream().anyMatch(Submission.SkinTest::positive)) {
            rule.warn(
                    SKIN_TEST_POSITIVE,
                    where,
                    "The skin test for `" + drug.genericName() + "` is positive.",
                    "Do not hand it out before the prescriber has been asked.");
        } else if (drug.skinTest() && tests.isEmpty()) {
            rule.warn(
                    SKIN_TEST,
                    where,
                    "`" + drug.genericName() + "` needs a skin test, and no result is given.",
                    "Add an Observation of the skin test of this drug with its result.");
        }
    }

    private static boolean isUnnamed(Submission.Substance substance) {
        return substance.words().isEmpty() && substance.codes().isEmpty();
    }

    private SubmissionRules() {}
}
