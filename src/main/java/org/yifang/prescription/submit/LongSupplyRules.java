package org.yifang.prescription.submit;

import static org.yifang.platform.problem.ProblemCode.LONG_PRESCRIPTION;

import org.yifang.catalogue.AntimicrobialTier;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugClass;
import org.yifang.platform.PrescribingLimits;
import org.yifang.prescription.submit.Submission.Order;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/// What may be prescribed for a long time, and in how many fills. Source: 长期处方管理规范（试行）.
final class LongSupplyRules {
    /// What long prescriptions are for: chronic disease by ICD-10 category (hypertension, heart,
    /// diabetes, lipids, tuberculosis, lung, kidney, liver, mental, neurological, rheumatic,
    /// thyroid, eye, bone, neoplasm). A region may know more; the reviewing pharmacist decides on
    /// those by the reason.
    private static final Pattern CHRONIC =
            Pattern.compile(
                    "^(A1[5-9]|I1[0-5]|I2[0-5]|I4[2-9]|I50|I6[0-9]|I7[0-3]|E0[0-7]|E1[0-4]"
                            + "|E78|E79|J4[0-7]|N0[3-5]|N18|N40|B18|"
                            + "K7[34]|F[0-4]|G[234]|M0[5-9]|M1[0-9]|M3[0-5]"
                            + "|M45|M8[01]|H40|C|D[1-4]).*",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern TUBERCULOSIS =
            Pattern.compile("^A1[5-9].*", Pattern.CASE_INSENSITIVE);

    static void check(Inspection rule, Order order) {
        length(rule, order);
        notForLong(rule, order);
    }

    private static void length(Inspection rule, Order order) {
        PrescribingLimits limits = rule.limits();
        BigDecimal days = order.days();
        BigDecimal fills = BigDecimal.valueOf(order.fills());
        boolean reason = order.extendedReason() != null;
        BigDecimal allowed = BigDecimal.valueOf(reason ? limits.longDaysMost() : limits.longDays());
        boolean declared = days != null && days.multiply(fills).compareTo(allowed) > 0;
        if (!declared
                && !SupplyRules.holdsMoreThan(order, SubmissionReader.divided(allowed, fills))) {
            return;
        }
        BigDecimal fill = declared ? days : SupplyRules.lasts(order);
        BigDecimal total = fill == null ? allowed : fill.multiply(fills);
        boolean beyond = total.compareTo(BigDecimal.valueOf(limits.longDaysMost())) > 0;
        rule.refuse(
                LONG_PRESCRIPTION,
                order.expression()
                        + ".dispenseRequest."
                        + (declared ? "expectedSupplyDuration" : "quantity"),
                "All fills together last `"
                        + SupplyRules.shown(total)
                        + (beyond ? "` days." : "` days without an assessment."),
                beyond
                        ? "At most " + limits.longDaysMost() + " days (长期处方管理规范)."
                        : "More than "
                                + limits.longDays()
                                + " days need `extended-supply-reason` (长期处方管理规范).");
    }

    private static void notForLong(Inspection rule, Order order) {
        List<String> diagnoses = rule.submission().diagnoses();
        boolean chronic = diagnoses.stream().anyMatch(code -> CHRONIC.matcher(code).matches());
        String where = order.expression() + ".courseOfTherapyType";
        if (!chronic && !diagnoses.isEmpty()) {
            rule.refuse(
                    LONG_PRESCRIPTION,
                    where,
                    "A long prescription is for chronic disease, and no diagnosis is one.",
                    "Prescribe for at most "
                            + rule.limits().supplyDays()
                            + " days, or add the diagnosis.");
        }
        Drug drug = order.drug();
        if (drug != null && notLong(rule, drug, diagnoses)) {
            rule.refuse(
                    LONG_PRESCRIPTION,
                    where,
                    "`" + drug.genericName() + "` may not be prescribed for a long time.",
                    "Not toxic, radioactive, precursor, narcotic, psychotropic or antimicrobial"
                            + " drugs (but against tuberculosis), nor what needs special storage"
                            + " (长期处方管理规范).");
        }
    }

    private static boolean notLong(Inspection rule, Drug drug, List<String> diagnoses) {
        return drug.is(DrugClass.TOXIC)
                || drug.is(DrugClass.RADIO)
                || drug.is(DrugClass.PRECURSOR)
                || drug.is(DrugClass.NARCOTIC)
                || drug.is(DrugClass.PSYCHO1)
                || drug.is(DrugClass.PSYCHO2)
                || (drug.is(DrugClass.COLD_CHAIN) && !rule.limits().coldChainLong())
                || (drug.antimicrobialTier() != AntimicrobialTier.NON_ANTIBIOTIC
                        && !againstTuberculosis(drug, diagnoses));
    }

    private static boolean againstTuberculosis(Drug drug, List<String> diagnoses) {
        return (drug.atc() != null && drug.atc().startsWith("J04"))
                || diagnoses.stream().anyMatch(code -> TUBERCULOSIS.matcher(code).matches());
    }

    /// Further fills belong to long prescriptions, and all lines have the same.
    static void repeats(Inspection rule, List<Order> orders) {
        for (Order order : orders) {
            String where = order.expression() + ".dispenseRequest.numberOfRepeatsAllowed";
            if (order.fills() > 1 && !order.continuous()) {
                rule.refuse(
                        LONG_PRESCRIPTION,
                        where,
                        "Further fills are prescribed, but no long prescription.",
                        "Set `courseOfTherapyType` to `continuous`.");
            }
            if (order.fills() > 1 && order.intervalDays() < 1) {
                rule.refuse(
                        LONG_PRESCRIPTION,
                        where,
                        "Nothing says when the next fill opens.",
                        "Give `dispenseInterval` in days.");
            }
            BigDecimal interval = BigDecimal.valueOf(order.intervalDays());
            BigDecimal days = order.days();
            boolean early =
                    days == null
                            ? SupplyRules.holdsMoreThan(order, interval)
                            : interval.compareTo(days) < 0;
            if (order.fills() > 1 && order.intervalDays() >= 1 && early) {
                rule.refuse(
                        LONG_PRESCRIPTION,
                        order.expression() + ".dispenseRequest.dispenseInterval",
                        "The next fill opens after `"
                                + order.intervalDays()
                                + "` days, when `"
                                + SupplyRules.shown(order.supplyDays())
                                + "` days were handed out.",
                        "An interval at least as long as the supply of one fill" + " (长期处方管理规范).");
            }
            Order first = orders.getFirst();
            if (order.fills() != first.fills() || order.intervalDays() != first.intervalDays()) {
                rule.refuse(
                        LONG_PRESCRIPTION,
                        where,
                        "The lines do not have the same fills.",
                        "One prescription has one number of fills and one interval.");
            }
        }
    }

    private LongSupplyRules() {}
}
