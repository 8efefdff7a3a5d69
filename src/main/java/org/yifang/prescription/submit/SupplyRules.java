package org.yifang.prescription.submit;

import static org.yifang.platform.problem.ProblemCode.*;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugCode;
import org.yifang.platform.PrescribingLimits;
import org.yifang.prescription.life.DispenseRules;
import org.yifang.prescription.submit.Submission.*;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is prescribed and for how long. Sources: 处方管理办法 art. 6, 17 and 19; 长期处方管理规范（试行）.
final class SupplyRules {
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
        LongSupplyRules.repeats(rule, orders);
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
            LongSupplyRules.check(rule, order);
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

    static String shown(@Nullable BigDecimal days) {
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

    /// Days that a line's quantity lasts when taken as prescribed, null when it cannot be known.
    static @Nullable BigDecimal lasts(Order order) {
        BigDecimal daily = order.dailyUnits();
        BigDecimal units = order.units();
        return daily == null || units == null ? null : SubmissionReader.divided(units, daily);
    }

    private SupplyRules() {}
}
