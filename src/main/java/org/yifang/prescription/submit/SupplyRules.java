package org.yifang.prescription.submit;

import static org.yifang.platform.problem.ProblemCode.*;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.AntimicrobialTier;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugClass;
import org.yifang.catalogue.DrugCode;
import org.yifang.platform.PrescribingLimits;
import org.yifang.prescription.life.DispenseRules;
import org.yifang.prescription.submit.Submission.*;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What is prescribed and for how long. Sources: 处方管理办法 art. 6, 17 and 19; 长期处方管理规范（试行）.
final class SupplyRules {
    /// What long prescriptions are for: chronic disease by ICD-10 category (hypertension, heart,
    /// diabetes, lipids, tuberculosis, lung, kidney, liver, mental, neurological, rheumatic,
    /// thyroid, eye, bone, neoplasm). A region may know more; the reviewing pharmacist decides on
    /// those by the reason.
    private static final Pattern CHRONIC =
            Pattern.compile(
                    "^(A1[5-9]|I1[0-5]|I2[0-5]|I4[2-9]|I50|I6[0-9]|I7[0-3]|E0[0-7]|E1[0-4]|E78|"
                            + "E79|J4[0-7]"
                            + "|N0[3-5]|N18|N40|B18|K7[34]|F[0-4]|G[234]|M0[5-9]|M1[0-9]|M3[0-5]"
                            + "|M45|M8[01]|H40|C|D[1-4]).*",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern TUBERCULOSIS =
            Pattern.compile("^A1[5-9].*", Pattern.CASE_INSENSITIVE);

    /// More preparation units than anybody is handed out, and what the tables hold of them.
    private static final BigDecimal UNITS_MOST = new BigDecimal("1000000");

    private static final int DECIMALS_MOST = 4;

    static void check(Inspection rule) {
        Map<String, Integer> seen = new HashMap<>();
        List<Order> orders = rule.submission().orders();
        for (int i = 0; i < orders.size(); i++) {
            Order order = orders.get(i);
            drug(rule, order);
            amounts(rule, order);
            if (order.drug() != null) {
                Integer before = seen.putIfAbsent(order.drug().substitutionSet(), i + 1);
                if (before != null) {
                    rule.refuse(
                            LINE_TWICE,
                            order.expression() + ".medicationCodeableConcept",
                            "Lines " + before + " and " + (i + 1) + " prescribe the same drug.",
                            "One line per generic name, form and strength.");
                }
            }
            supply(rule, order);
            if (!order.productOnly() || order.substitutionReason()) {
                continue;
            }
            rule.refuse(
                    SUBSTITUTION_REASON,
                    order.expression() + ".substitution",
                    "Only this product may be dispensed, and no reason is given.",
                    "Give `substitution.reason`, or allow the generic name.");
        }
        repeats(rule, orders);
    }

    private static void drug(Inspection rule, Order order) {
        String code = order.code();
        String where = order.expression() + ".medicationCodeableConcept";
        if (code == null) {
            rule.refuse(
                    DRUG_UNKNOWN,
                    where,
                    "The line names no product.",
                    "Give its code in system " + DrugCode.SYSTEM + ".");
            return;
        }
        if (order.drug() == null) {
            rule.refuse(
                    DRUG_UNKNOWN,
                    where,
                    DrugCode.fault(code).orElse("The drug `" + code + "` is not in the catalogue."),
                    "Use a code of the catalogue: GET Medication?code=….");
            return;
        }
        String text = order.text();
        // Code and text that name different drugs are a danger, whichever is meant.
        if (text != null && !names(text, order.drug())) {
            rule.refuse(
                    GENERIC_NAME,
                    where + ".text",
                    "The text `" + text + "` does not name `" + order.drug().genericName() + "`.",
                    "Write the generic name that belongs to the code (处方管理办法 art. 17).");
        }
    }

    private static boolean names(String text, Drug drug) {
        String plain = text.replaceAll("\\s", "");
        return plain.contains(drug.genericName().replaceAll("\\s", ""));
    }

    private static void amounts(Inspection rule, Order order) {
        order.faults()
                .forEach(fault ->
                        rule.refuse(QUANTITY, fault.expression(), fault.detail(), fault.remedy()));
        quantity(rule, order);
        BigDecimal dose = order.dose();
        if (dose != null && dose.signum() <= 0) {
            rule.refuse(
                    QUANTITY,
                    order.expression() + ".dosageInstruction[0].doseAndRate[0].doseQuantity",
                    "The dose is `" + dose.toPlainString() + "`.",
                    "A dose is above zero.");
        }
        BigDecimal days = order.days();
        if (days != null && days.signum() <= 0) {
            rule.refuse(
                    QUANTITY,
                    order.expression() + ".dispenseRequest.expectedSupplyDuration",
                    "The supply is for `" + days.toPlainString() + "` days.",
                    "A supply lasts at least a day.");
        }
    }

    private static void quantity(Inspection rule, Order order) {
        BigDecimal quantity = order.quantity();
        String where = order.expression() + ".dispenseRequest.quantity";
        if (quantity == null) {
            return;
        }
        if (quantity.signum() <= 0) {
            rule.refuse(
                    QUANTITY,
                    where,
                    "The quantity is `" + quantity.toPlainString() + "`.",
                    "A quantity is above zero.");
            return;
        }
        Drug drug = order.drug();
        if (drug == null || order.unit() == null) {
            return;
        }
        BigDecimal units = order.units();
        if (units == null) {
            rule.refuse(
                    QUANTITY,
                    where + ".unit",
                    "The unit `" + order.unit() + "` does not fit this drug.",
                    "Prescribe in `" + drug.preparationUnit() + "` or `" + drug.packUnit() + "`.");
        } else if (units.compareTo(UNITS_MOST) > 0
                || units.stripTrailingZeros().scale() > DECIMALS_MOST) {
            rule.refuse(
                    QUANTITY,
                    where,
                    "The quantity `"
                            + DispenseRules.plain(quantity)
                            + order.unit()
                            + "` cannot be handed out.",
                    "At most "
                            + UNITS_MOST.toPlainString()
                            + drug.preparationUnit()
                            + ", with at most "
                            + DECIMALS_MOST
                            + " decimals.");
        }
    }

    /// Art. 19: 7 days, 3 in an emergency; longer with a reason. Long prescriptions: 28 days, up to
    /// 84 with an assessment, for chronic disease, over the sum of all fills. What is declared does
    /// not hide what is handed out: the quantity counts too.
    private static void supply(Inspection rule, Order order) {
        BigDecimal days = order.days();
        if (order.continuous()) {
            longSupply(rule, order);
            notForLong(rule, order);
        } else {
            shortSupply(rule, order);
        }
        if (days != null && days.signum() > 0 && holdsMoreThan(order, days)) {
            rule.warn(
                    QUANTITY_AND_DAYS,
                    order.expression() + ".dispenseRequest.quantity",
                    "The quantity lasts longer than the `"
                            + DispenseRules.plain(days)
                            + "` days that are prescribed.",
                    "Check dose, frequency, quantity and days against each other.");
        }
    }

    private static void shortSupply(Inspection rule, Order order) {
        PrescribingLimits limits = rule.limits();
        BigDecimal days = order.days();
        boolean reason = order.extendedReason() != null;
        int most = rule.submission().emergency() ? limits.emergencyDays() : limits.supplyDays();
        int allowed = reason ? limits.longDays() : most;
        BigDecimal last = BigDecimal.valueOf(limits.longDays());
        boolean declared = days != null && days.compareTo(BigDecimal.valueOf(allowed)) > 0;
        if (!declared && !holdsMoreThan(order, BigDecimal.valueOf(allowed))) {
            return;
        }
        boolean beyondReason =
                declared ? days != null && days.compareTo(last) > 0 : holdsMoreThan(order, last);
        rule.refuse(
                SUPPLY_TOO_LONG,
                order.expression()
                        + ".dispenseRequest."
                        + (declared ? "expectedSupplyDuration" : "quantity"),
                declared
                        ? "The supply is for `" + shown(days) + "` days."
                        : "The quantity lasts `" + shown(lasts(order)) + "` days.",
                beyondReason
                        ? "More than "
                                + limits.longDays()
                                + " days need a long prescription"
                                + " (`courseOfTherapyType` `continuous`)."
                        : "At most "
                                + most
                                + " days, rounded up to a whole pack, or give"
                                + " `extended-supply-reason` (处方管理办法 art. 19).");
    }

    private static String shown(@Nullable BigDecimal days) {
        return days == null ? "" : DispenseRules.plain(days.setScale(1, RoundingMode.HALF_UP));
    }

    /// Whether a fill holds more than so many days need. A whole pack may hold more: the packs that
    /// the need opens count, not one more.
    static boolean holdsMoreThan(Order order, BigDecimal days) {
        BigDecimal daily = order.dailyUnits();
        BigDecimal units = order.units();
        Drug drug = order.drug();
        if (daily == null || units == null || drug == null) {
            return false;
        }
        BigDecimal needed = daily.multiply(days);
        BigDecimal pack = BigDecimal.valueOf(drug.packFactor());
        return units.compareTo(needed) > 0
                && units.compareTo(needed.divide(pack, 0, RoundingMode.CEILING).multiply(pack)) > 0;
    }

    private static void longSupply(Inspection rule, Order order) {
        PrescribingLimits limits = rule.limits();
        BigDecimal days = order.days();
        BigDecimal fills = BigDecimal.valueOf(order.fills());
        boolean reason = order.extendedReason() != null;
        BigDecimal allowed = BigDecimal.valueOf(reason ? limits.longDaysMost() : limits.longDays());
        boolean declared = days != null && days.multiply(fills).compareTo(allowed) > 0;
        if (!declared && !holdsMoreThan(order, SubmissionReader.divided(allowed, fills))) {
            return;
        }
        BigDecimal fill = declared ? days : lasts(order);
        BigDecimal total = fill == null ? allowed : fill.multiply(fills);
        boolean beyond = total.compareTo(BigDecimal.valueOf(limits.longDaysMost())) > 0;
        rule.refuse(
                LONG_PRESCRIPTION,
                order.expression()
                        + ".dispenseRequest."
                        + (declared ? "expectedSupplyDuration" : "quantity"),
                "All fills together last `"
                        + shown(total)
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
    private static void repeats(Inspection rule, List<Order> orders) {
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
                    days == null ? holdsMoreThan(order, interval) : interval.compareTo(days) < 0;
            if (order.fills() > 1 && order.intervalDays() >= 1 && early) {
                rule.refuse(
                        LONG_PRESCRIPTION,
                        order.expression() + ".dispenseRequest.dispenseInterval",
                        "The next fill opens after `"
                                + order.intervalDays()
                                + "` days, when `"
                                + shown(order.supplyDays())
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

    /// Days that a line's quantity lasts when taken as prescribed, null when it cannot be known.
    static @Nullable BigDecimal lasts(Order order) {
        BigDecimal daily = order.dailyUnits();
        BigDecimal units = order.units();
        return daily == null || units == null ? null : SubmissionReader.divided(units, daily);
    }

    private SupplyRules() {}
}
