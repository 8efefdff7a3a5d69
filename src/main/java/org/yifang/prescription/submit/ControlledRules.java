package org.yifang.prescription.submit;

import static org.yifang.platform.problem.ProblemCode.*;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.AntimicrobialTier;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugClass;
import org.yifang.prescription.life.DispenseRules;
import org.yifang.prescription.submit.Submission.*;

import java.math.BigDecimal;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Drugs that the law watches. Sources: 处方管理办法 art. 23 to 26 and 42; 药品管理法 art. 61; 抗菌药物临床应用管理办法.
final class ControlledRules {
    /// 医师 and 医士, below 主治医师.
    private static final Set<String> TITLES_BELOW_RESTRICTED = Set.of("234", "235");

    private static final int EPHEDRINE_PACKS = 2;

    static void check(Inspection rule) {
        circulation(rule);
        for (Order order : rule.submission().orders()) {
            Drug drug = order.drug();
            if (drug == null) {
                continue;
            }
            limits(rule, order, drug);
            tier(rule, order, drug);
            if (isControlled(drug) && isSelf(rule.submission())) {
                rule.refuse(
                        SELF_PRESCRIBED,
                        order.expression() + ".requester",
                        "The prescriber prescribes a controlled drug for the prescriber.",
                        "Another prescriber writes it (处方管理办法 art. 11).");
            }
        }
        ephedrine(rule);
        age(rule);
    }

    /// 含麻黄碱类复方制剂: two smallest packs at a time, all lines and fills together.
    private static void ephedrine(Inspection rule) {
        long packs = 0;
        for (Order order : rule.submission().orders()) {
            Drug drug = order.drug();
            BigDecimal units = order.units();
            // A quantity that is none has its own finding.
            if (drug == null
                    || units == null
                    || !drug.is(DrugClass.EPHEDRINE)
                    || units.signum() <= 0) {
                continue;
            }
            packs += drug.packsFor(units) * order.fills();
            if (packs > EPHEDRINE_PACKS) {
                rule.refuse(
                        CONTROLLED_LIMIT,
                        order.expression() + ".dispenseRequest.quantity",
                        "With `"
                                + drug.genericName()
                                + "` "
                                + packs
                                + " packs with ephedrine are prescribed.",
                        "At most "
                                + EPHEDRINE_PACKS
                                + " smallest packs on one prescription (含麻黄碱类复方制剂管理).");
            }
        }
    }

    /// Art. 42: what no patient may take to a pharmacy outside. All reasons at once.
    private static void circulation(Inspection rule) {
        Submission document = rule.submission();
        if (document.issuingHospitalOnly()) {
            return;
        }
        for (Order order : document.orders()) {
            Drug drug = order.drug();
            if (drug == null) {
                continue;
            }
            Set<String> reasons = new TreeSet<>();
            drug.classes().stream()
                    .filter(DrugClass.NOT_OUTSIDE::contains)
                    .forEach(one -> reasons.add(one.name()));
            if (drug.is(DrugClass.COLD_CHAIN) && !rule.limits().coldChainCirculates()) {
                reasons.add(DrugClass.COLD_CHAIN.name());
            }
            if (!reasons.isEmpty()) {
                rule.refuse(
                        NOT_FOR_CIRCULATION,
                        order.expression() + ".medicationCodeableConcept",
                        "`"
                                + drug.genericName()
                                + "` may not circulate: "
                                + String.join(", ", reasons)
                                + ".",
                        "Set `circulation` to `issuing-hospital` (处方管理办法 art. 42).");
            }
        }
        if (isPaediatric(rule)) {
            rule.refuse(
                    NOT_FOR_CIRCULATION,
                    "Bundle.entry[0].resource.extension",
                    "A paediatric prescription (儿科处方) may not circulate: PAEDIATRIC.",
                    "Set `circulation` to `issuing-hospital` (处方管理办法 art. 42).");
        }
    }

    /// A paediatric prescription: so categorised, from a paediatric clinic, or for a child under
    /// 14.
    private static boolean isPaediatric(Inspection rule) {
        Submission document = rule.submission();
        String department = document.department();
        Period age = DocumentRules.age(rule);
        return document.orders().stream().anyMatch(order -> "paediatric".equals(order.category()))
                || (department != null && department.contains("儿科"))
                || (age != null && age.getYears() < 14);
    }

    private static boolean isControlled(Drug drug) {
        return drug.is(DrugClass.NARCOTIC)
                || drug.is(DrugClass.PSYCHO1)
                || drug.is(DrugClass.PSYCHO2)
                || drug.is(DrugClass.TOXIC);
    }

    /// Art. 23 to 25: the most days by class and form; one dose of an injection.
    private static void limits(Inspection rule, Order order, Drug drug) {
        if (!isControlled(drug)) {
            return;
        }
        BigDecimal most = daysMost(order, drug, hasPain(rule.submission()));
        String where = order.expression() + ".dispenseRequest";
        if (most != null && most.signum() == 0) {
            oneDose(rule, order, drug, where);
            return;
        }
        BigDecimal declared = order.supplyDays();
        BigDecimal lasts = SupplyRules.lasts(order);
        if (lasts == null || declared == null) {
            unknown(rule, drug, where);
            return;
        }
        // What is declared does not hide what is handed out.
        BigDecimal days = declared.max(lasts);
        if (most != null && days.compareTo(most) > 0) {
            rule.refuse(
                    CONTROLLED_LIMIT,
                    where,
                    "`"
                            + drug.genericName()
                            + "` is prescribed for `"
                            + DispenseRules.plain(days)
                            + "` days.",
                    "At most "
                            + DispenseRules.plain(most)
                            + " days for this class and form (处方管理办法 art. 23 to 25).");
        }
    }

    /// One dose is given at once: it has no frequency, and needs none.
    private static void oneDose(Inspection rule, Order order, Drug drug, String where) {
        BigDecimal dose = doseUnits(order, drug);
        BigDecimal units = order.units();
        if (dose == null || units == null) {
            unknown(rule, drug, where);
        } else if (units.compareTo(dose) > 0) {
            rule.refuse(
                    CONTROLLED_LIMIT,
                    where,
                    "More than one dose of `" + drug.genericName() + "` is prescribed.",
                    "One usual dose at a time (处方管理办法 art. 23, 26).");
        }
    }

    private static void unknown(Inspection rule, Drug drug, String where) {
        rule.refuse(
                SUPPLY_UNKNOWN,
                where,
                "How long the controlled drug `"
                        + drug.genericName()
                        + "` lasts cannot be reckoned.",
                "Give dose, frequency, quantity and days in units of the drug.");
    }

    private static @Nullable BigDecimal doseUnits(Order order, Drug drug) {
        BigDecimal dose = order.dose();
        String unit = order.doseUnit();
        return dose == null || unit == null || dose.signum() <= 0
                ? null
                : drug.preparationUnitsOfDose(dose, unit).orElse(null);
    }

    /// Days at most, of the strictest class; zero means one dose; null means that a reason was
    /// given where the law asks for no more.
    private static @Nullable BigDecimal daysMost(Order order, Drug drug, boolean pain) {
        if (drug.is(DrugClass.HOSPITAL_DOSE)) {
            return BigDecimal.ZERO;
        }
        List<Integer> limits = new ArrayList<>();
        if (drug.is(DrugClass.ADHD)) {
            limits.add(15);
        } else if (drug.is(DrugClass.NARCOTIC) || drug.is(DrugClass.PSYCHO1)) {
            limits.add(
                    switch (drug.releaseForm()) {
                        case INJECTION -> pain ? 3 : 0;
                        case MODIFIED_RELEASE -> pain ? 15 : 7;
                        case OTHER -> pain ? 7 : 3;
                    });
        }
        if (drug.is(DrugClass.TOXIC)) {
            limits.add(2);
        }
        if (drug.is(DrugClass.PSYCHO2) && order.extendedReason() == null) {
            limits.add(7);
        }
        return limits.isEmpty() ? null : new BigDecimal(Collections.min(limits));
    }

    /// Cancer, or moderate to severe chronic pain.
    private static boolean hasPain(Submission document) {
        return document.diagnoses().stream()
                .anyMatch(code -> code.startsWith("C") || code.startsWith("R52"));
    }

    private static void tier(Inspection rule, Order order, Drug drug) {
        AntimicrobialTier tier = drug.antimicrobialTier();
        String where = order.expression() + ".medicationCodeableConcept";
        Prescriber prescriber = rule.submission().prescriber();
        BigDecimal days = order.days();
        boolean oneDay =
                rule.submission().emergency()
                        && days != null
                        && days.compareTo(BigDecimal.ONE) <= 0
                        && !SupplyRules.holdsMoreThan(order, BigDecimal.ONE)
                        && order.extendedReason() != null;
        if (oneDay) {
            return;
        }
        if (tier == AntimicrobialTier.SPECIAL) {
            rule.refuse(
                    ANTIMICROBIAL_TIER,
                    where,
                    "`" + drug.genericName() + "` is of the special tier, not for outpatients.",
                    "In an emergency one day's quantity with a reason (抗菌药物临床应用管理办法).");
        } else if (tier == AntimicrobialTier.RESTRICTED && isBelowRestricted(rule, prescriber)) {
            rule.refuse(
                    ANTIMICROBIAL_TIER,
                    where,
                    "`"
                            + drug.genericName()
                            + "` is of the restricted tier, above the prescriber's title.",
                    "An attending physician or above prescribes it (抗菌药物临床应用管理办法).");
        }
    }

    private static boolean isBelowRestricted(Inspection rule, @Nullable Prescriber prescriber) {
        if (prescriber == null) {
            return false;
        }
        String number = prescriber.number();
        String registered = number == null ? null : rule.titles().of(number);
        String title = Titles.counting(prescriber.titleCode(), registered);
        return title != null && TITLES_BELOW_RESTRICTED.contains(title);
    }

    private static boolean isSelf(Submission document) {
        Prescriber prescriber = document.prescriber();
        Person patient = document.patient();
        if (prescriber == null || patient == null) {
            return false;
        }
        String own = prescriber.identityNumber();
        if (own != null && patient.number() != null) {
            return own.equals(patient.number());
        }
        return prescriber.name() != null && prescriber.name().equals(patient.name());
    }

    /// Art. 6: the age must be known, in days or months for infants, with their weight.
    private static void age(Inspection rule) {
        Period age = DocumentRules.age(rule);
        if (age == null) {
            return;
        }
        Person person = rule.submission().patient();
        String where = person == null ? "Bundle" : person.expression() + ".birthDate";
        if (age.isNegative()) {
            rule.refuse(AGE_AND_WEIGHT, where, "The patient is not born yet.", "Check the date.");
        } else if (age.getYears() < 1 && !rule.submission().weight()) {
            rule.refuse(
                    AGE_AND_WEIGHT,
                    where,
                    "The patient is an infant, and no weight is given.",
                    "Add an Observation of the body weight (LOINC 29463-7).");
        }
    }

    /// Whether a second pharmacist reviews: narcotic, first-class psychotropic and toxic drugs.
    static boolean needsSecondReviewer(Submission document) {
        return document.orders().stream()
                .map(Order::drug)
                .anyMatch(drug ->
                        drug != null
                                && (drug.is(DrugClass.NARCOTIC)
                                        || drug.is(DrugClass.PSYCHO1)
                                        || drug.is(DrugClass.TOXIC)));
    }

    private ControlledRules() {}
}
