package org.yifang.prescription.review;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Decision;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.HospitalRules;
import org.yifang.prescription.life.Prescription;
import org.yifang.prescription.life.Prescription.*;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Reason;
import org.yifang.prescription.life.Review;
import org.yifang.prescription.life.Review.Reviewer;
import org.yifang.prescription.life.State;
import org.yifang.registry.NhsaStaff;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Who may review a prescription, and what a review must say. Pure: no clock, no database, no HTTP.
public final class ReviewRules {
    /// The seven items of a review (处方管理办法 art. 35).
    static final List<String> ITEMS =
            List.of(
                    "skin-test",
                    "diagnosis",
                    "dosage",
                    "form-and-route",
                    "duplication",
                    "interaction",
                    "other");

    private static final List<String> RESULTS = List.of("pass", "fail", "not-applicable");

    /// One item as it was told.
    public record Check(String item, String result) {}

    /// What a caller says of a prescription.
    ///
    /// @param checks as told, in order
    public record Judgement(Reviewer by, boolean approve, Reason reason, List<Check> checks) {}

    /// Decides on a locked prescription. A repeated review is answered before any fault in it.
    public static Decision decide(PrescriptionRow row, Judgement told) {
        Decision made = HospitalRules.review(row.prescription(), told.approve());
        boolean again = told.approve() && row.reviews().isApprovedBy(told.by());
        if (made instanceof Refused refused) {
            // The same reviewer gets the first answer, whatever became of it since.
            return again && wasApproved(row.prescription())
                    ? new Unchanged(row.prescription())
                    : refused;
        }
        if (!(made instanceof Changed)) {
            return made;
        }
        if (again) {
            return new Unchanged(row.prescription());
        }
        List<Finding> faults = new ArrayList<>(reviewer(row, told));
        faults.addAll(content(told));
        if (!faults.isEmpty()) {
            return new Refused(faults);
        }
        // The first approval of two leaves the state as it is.
        boolean first = told.approve() && row.secondReview() && row.reviews().approvers().isEmpty();
        return first ? new Changed(row.prescription()) : made;
    }

    /// The prescription with a review that was let through.
    public static PrescriptionRow reviewed(PrescriptionRow row, Judgement told, Instant now) {
        Map<String, String> results = new TreeMap<>(Comparator.comparingInt(ITEMS::indexOf));
        told.checks().forEach(one -> results.put(one.item(), one.result()));
        Review review = new Review(told.by(), now, told.approve(), told.reason(), results);
        PrescriptionRow after = row.withReview(review);
        boolean waits = told.approve() && row.secondReview() && row.reviews().approvers().isEmpty();
        // While it waits for the second, what was said of it before still holds.
        return waits && told.reason().isEmpty()
                ? after
                : after.withFrame(after.frame().withReason(told.reason()));
    }

    private static boolean wasApproved(Prescription prescription) {
        return switch (prescription) {
            case AwaitingReview _, ReviewRefused _ -> false;
            case Suspended suspended -> suspended.from() != State.AWAITING_REVIEW;
            case AwaitingClaim _,
                    Claimed _,
                    PartlyDispensed _,
                    RestAwaitingClaim _,
                    AwaitingNextFill _,
                    Dispensed _,
                    Cancelled _,
                    RestCancelled _,
                    Expired _,
                    RestExpired _ ->
                    true;
        };
    }

    private static List<Finding> reviewer(PrescriptionRow row, Judgement told) {
        String person = told.by().person();
        if (person == null) {
            return told.approve() && row.secondReview()
                    ? List.of(
                            new Finding(
                                    ProblemCode.SECOND_REVIEWER,
                                    "The drug asks for two reviewers, and this one is not named.",
                                    "Name the pharmacist in `subject_id` of the token request"
                                            + " (处方管理办法 art. 44)."))
                    : List.of();
        }
        if (person.equalsIgnoreCase(row.prescriber())) {
            return List.of(
                    new Finding(
                            ProblemCode.TWO_PEOPLE,
                            "`" + person + "` is the prescriber.",
                            "A pharmacist reviews what a doctor prescribes."));
        }
        String number = person.toUpperCase(Locale.ROOT);
        if (NhsaStaff.parse(number).filter(NhsaStaff::isDoctor).isPresent()) {
            return List.of(
                    new Finding(
                            ProblemCode.STAFF_NUMBER,
                            "`" + person + "` is a doctor's number.",
                            "A pharmacist reviews (处方管理办法 art. 31): name one in"
                                    + " `subject_id`."));
        }
        // Two spellings of one name would be two people.
        var fault = NhsaStaff.fault(person);
        if (told.approve() && row.secondReview() && fault.isPresent()) {
            return List.of(
                    new Finding(
                            ProblemCode.STAFF_NUMBER,
                            fault.get(),
                            "Where two review, each is named by staff number in `subject_id`."));
        }
        return List.of();
    }

    /// What is wrong with the review itself.
    static List<Finding> content(Judgement told) {
        List<Finding> faults = new ArrayList<>();
        Map<String, String> results = new HashMap<>();
        for (Check check : told.checks()) {
            if (!ITEMS.contains(check.item())) {
                faults.add(
                        fault(
                                "`" + check.item() + "` is no item of the review.",
                                "The items are `" + String.join("`, `", ITEMS) + "`."));
            }
            if (!RESULTS.contains(check.result())) {
                faults.add(
                        fault(
                                "`" + check.result() + "` is no result of an item.",
                                "Give `" + String.join("`, `", RESULTS) + "`."));
            }
            String before = results.putIfAbsent(check.item(), check.result());
            if (before != null && !before.equals(check.result())) {
                faults.add(
                        fault(
                                "The item `" + check.item() + "` has two results.",
                                "Give each item once."));
            }
        }
        Finding verdict = told.approve() ? approval(results) : refusal(told.reason());
        if (verdict != null) {
            faults.add(verdict);
        }
        return faults;
    }

    private static @Nullable Finding approval(Map<String, String> results) {
        List<String> missing = ITEMS.stream().filter(one -> !results.containsKey(one)).toList();
        if (!missing.isEmpty()) {
            return fault(
                    "The items `" + String.join("`, `", missing) + "` are not reviewed.",
                    "Give a result for each of the seven (处方管理办法 art. 35).");
        }
        List<String> failed =
                ITEMS.stream().filter(one -> "fail".equals(results.get(one))).toList();
        return failed.isEmpty()
                ? null
                : fault(
                        "The items `" + String.join("`, `", failed) + "` did not pass.",
                        "Refuse the prescription, or settle it with the prescriber.");
    }

    private static @Nullable Finding refusal(Reason reason) {
        return reason.isEmpty()
                ? fault(
                        "The prescription is refused without a reason.",
                        "Give `reason`: a code of review-reason, or a text for the prescriber.")
                : null;
    }

    private static Finding fault(String detail, String remedy) {
        return new Finding(ProblemCode.REVIEW_INCOMPLETE, detail, remedy);
    }

    private ReviewRules() {}
}
