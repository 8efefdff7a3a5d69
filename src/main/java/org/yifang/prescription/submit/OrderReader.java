package org.yifang.prescription.submit;

import static org.yifang.prescription.submit.SubmissionReader.*;

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Dosage;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Timing;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.DrugCode;
import org.yifang.catalogue.Drugs;
import org.yifang.prescription.paper.RxNumbers;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Reads one MedicationRequest into what the rules ask.
final class OrderReader {
    /// Times a day of the insurance's frequency codes (dictionary used_frqu) and of the usual
    /// abbreviations; what is taken once or when needed has none.
    private static final Map<String, BigDecimal> DAILY_TIMES =
            Map.ofEntries(
                    Map.entry("11", new BigDecimal("1")),
                    Map.entry("12", new BigDecimal("2")),
                    Map.entry("13", new BigDecimal("3")),
                    Map.entry("14", new BigDecimal("4")),
                    Map.entry("36", new BigDecimal("3")),
                    Map.entry("37", new BigDecimal("2")),
                    Map.entry("41", new BigDecimal("1")),
                    Map.entry("42", new BigDecimal("0.5")),
                    Map.entry("QD", new BigDecimal("1")),
                    Map.entry("BID", new BigDecimal("2")),
                    Map.entry("TID", new BigDecimal("3")),
                    Map.entry("QID", new BigDecimal("4")),
                    Map.entry("QN", new BigDecimal("1")),
                    Map.entry("QOD", new BigDecimal("0.5")));

    private static final Map<String, BigDecimal> DAYS =
            Map.of(
                    "d", BigDecimal.ONE,
                    "wk", new BigDecimal("7"),
                    "mo", new BigDecimal("30"),
                    "a", new BigDecimal("365"));

    private static final Map<String, String> WORDS =
            Map.of(
                    "天", "d",
                    "日", "d",
                    "周", "wk",
                    "星期", "wk",
                    "月", "mo",
                    "个月", "mo",
                    "小时", "h");

    private static final BigDecimal HOURS = new BigDecimal("24");

    static Submission.Order read(MedicationRequest request, String path, Drugs catalogue) {
        CodeableConcept medication =
                request.hasMedicationCodeableConcept()
                        ? request.getMedicationCodeableConcept()
                        : new CodeableConcept();
        String code =
                medication.getCoding().stream()
                        .filter(one -> DrugCode.SYSTEM.equals(one.getSystem()))
                        .map(Coding::getCode)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        Dosage dosage = request.getDosageInstructionFirstRep();
        Quantity dose =
                dosage.getDoseAndRateFirstRep().hasDoseQuantity()
                        ? dosage.getDoseAndRateFirstRep().getDoseQuantity()
                        : new Quantity();
        var supply = request.getDispenseRequest();
        Amounts amounts = new Amounts(path);
        int repeats =
                amounts.repeats(
                        supply.hasNumberOfRepeatsAllowed()
                                ? supply.getNumberOfRepeatsAllowed()
                                : 0);
        BigDecimal interval =
                amounts.days(supply.getDispenseInterval(), "dispenseRequest.dispenseInterval");
        BigDecimal days =
                amounts.days(
                        supply.getExpectedSupplyDuration(),
                        "dispenseRequest.expectedSupplyDuration");
        // A fill that ends within a day is not followed before that day is over.
        BigDecimal every =
                interval == null && days != null ? days.setScale(0, RoundingMode.UP) : interval;
        return new Submission.Order(
                path,
                number(request),
                code,
                medication.hasText() ? medication.getText() : displayOf(medication),
                code == null ? null : catalogue.find(code).orElse(null),
                request.getCategory().stream().flatMap(one -> codes(one)).findFirst().orElse(null),
                productOnly(request),
                request.getSubstitution().hasReason(),
                amounts.number(supply.getQuantity().getValue(), "dispenseRequest.quantity"),
                supply.getQuantity().getUnit(),
                amounts.number(dose.getValue(), "dosageInstruction[0].doseAndRate[0].doseQuantity"),
                dose.hasUnit() ? dose.getUnit() : dose.getCode(),
                dailyTimes(dosage, amounts),
                days,
                Math.max(0, repeats) + 1,
                repeats > 0 && every != null ? every.intValue() : 0,
                codes(request.getCourseOfTherapyType()).anyMatch("continuous"::equals),
                extensionText(request, EXTENDED),
                moment(request.getAuthoredOnElement(), false),
                moment(supply.getValidityPeriod().getStartElement(), false),
                moment(supply.getValidityPeriod().getEndElement(), true),
                amounts.faults);
    }

    /// Its number as a line, among others that the hospital may have given it, or null.
    private static @Nullable String number(MedicationRequest request) {
        return request.getIdentifier().stream()
                .filter(one -> RxNumbers.LINE.equals(one.getSystem()))
                .map(Identifier::getValue)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String displayOf(CodeableConcept medication) {
        String text = textOf(medication);
        return text.isEmpty() ? null : text;
    }

    private static boolean productOnly(MedicationRequest request) {
        var allowed = request.getSubstitution().getAllowed();
        return switch (allowed) {
            case CodeableConcept concept -> codes(concept).anyMatch("N"::equals);
            case BooleanType yes -> !yes.booleanValue();
            case null, default -> false;
        };
    }

    /// Reads numbers, and notes those that cannot be taken: unreadable units, and sizes that no
    /// prescription has but that no column and no reckoning could hold.
    private static final class Amounts {
        private static final BigDecimal MOST = new BigDecimal("1e9");
        private static final BigDecimal LEAST = new BigDecimal("1e-6");
        private static final BigDecimal DAYS_MOST = new BigDecimal("36500");
        private static final int REPEATS_MOST = 1000;
        private static final int DIGITS_MOST = 30;
        private final String path;
        private final List<Submission.Fault> faults = new ArrayList<>();

        Amounts(String path) {
            this.path = path;
        }

        private void fault(String element, String detail, String remedy) {
            faults.add(new Submission.Fault(path + "." + element, detail, remedy));
        }

        @Nullable BigDecimal number(@Nullable BigDecimal value, String element) {
            return number(value, element, MOST);
        }

        private @Nullable BigDecimal number(
                @Nullable BigDecimal value, String element, BigDecimal most) {
            if (value == null) {
                return null;
            }
            if (value.signum() == 0) {
                return BigDecimal.ZERO;
            }
            BigDecimal size = value.abs();
            if (size.compareTo(most) > 0
                    || size.compareTo(LEAST) < 0
                    || size.precision() > DIGITS_MOST) {
                String shown = value.round(new MathContext(4)).toString();
                fault(
                        element,
                        "The number `" + shown + "` is none that a prescription can have.",
                        "From 0.000001 to " + most.toPlainString() + ", in at most 30 digits.");
                return null;
            }
            return value;
        }

        int repeats(int repeats) {
            if (repeats > REPEATS_MOST) {
                fault(
                        "dispenseRequest.numberOfRepeatsAllowed",
                        "`" + repeats + "` further fills are more than a prescription can have.",
                        "Fewer fills: a long prescription lasts 84 days.");
                return 0;
            }
            return repeats;
        }

        @Nullable BigDecimal days(Quantity duration, String element) {
            BigDecimal value = number(duration.getValue(), element);
            if (value == null) {
                return null;
            }
            String code = duration.getCode();
            String unit = duration.getUnit();
            String known = code != null ? code : WORDS.get(unit == null ? "" : unit);
            // UCUM codes are often written where the word belongs.
            String ucum = known == null ? unit : known;
            BigDecimal factor = DAYS.get(ucum == null ? "" : ucum);
            if ("h".equals(ucum)) {
                return number(divided(value, HOURS), element, DAYS_MOST);
            }
            if (factor == null) {
                fault(
                        element + ".code",
                        "The unit `"
                                + (ucum == null ? "" : ucum)
                                + "` is none that days are reckoned in.",
                        "Days, weeks or months in UCUM: `d`, `wk` or `mo`.");
                return null;
            }
            return number(value.multiply(factor), element, DAYS_MOST);
        }
    }

    /// How often a day, from the timing's repeat or its code; null for once or when needed.
    private static @Nullable BigDecimal dailyTimes(Dosage dosage, Amounts amounts) {
        boolean needed =
                dosage.hasAsNeededCodeableConcept()
                        || (dosage.hasAsNeededBooleanType()
                                && dosage.getAsNeededBooleanType().booleanValue());
        if (needed || !dosage.hasTiming()) {
            return null;
        }
        Timing timing = dosage.getTiming();
        Timing.TimingRepeatComponent repeat = timing.getRepeat();
        // An unknown unit is there and yet none; the profile has its finding for it.
        if (repeat.hasFrequency() && repeat.hasPeriod() && repeat.getPeriodUnit() != null) {
            String unit = repeat.getPeriodUnit().toCode();
            BigDecimal frequency = BigDecimal.valueOf(repeat.getFrequency());
            BigDecimal period =
                    amounts.number(repeat.getPeriod(), "dosageInstruction[0].timing.repeat.period");
            if (period == null || period.signum() <= 0) {
                return null;
            }
            if ("h".equals(unit)) {
                return divided(frequency.multiply(HOURS), period);
            }
            BigDecimal days = DAYS.get(unit);
            return days == null ? null : divided(frequency, period.multiply(days));
        }
        return codes(timing.getCode())
                .map(code -> DAILY_TIMES.get(code.toUpperCase(java.util.Locale.ROOT)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private OrderReader() {}
}
