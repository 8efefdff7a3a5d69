package org.yifang.prescription;

import static org.yifang.prescription.SubmissionReader.*;

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Dosage;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Timing;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugCode;

import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Function;

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

    private static final BigDecimal HOURS = new BigDecimal("24");

    static Submission.Order read(
            MedicationRequest request, String path, Function<String, @Nullable Drug> catalogue) {
        CodeableConcept medication =
                request.hasMedicationCodeableConcept()
                        ? request.getMedicationCodeableConcept()
                        : new CodeableConcept();
        String code =
                medication.getCoding().stream()
                        .filter(one -> DrugCode.SYSTEM.equals(one.getSystem()))
                        .map(Coding::getCode)
                        .findFirst()
                        .orElse(null);
        Dosage dosage = request.getDosageInstructionFirstRep();
        Quantity dose =
                dosage.getDoseAndRateFirstRep().hasDoseQuantity()
                        ? dosage.getDoseAndRateFirstRep().getDoseQuantity()
                        : new Quantity();
        var supply = request.getDispenseRequest();
        int repeats = supply.hasNumberOfRepeatsAllowed() ? supply.getNumberOfRepeatsAllowed() : 0;
        BigDecimal interval = days(supply.getDispenseInterval());
        BigDecimal days = days(supply.getExpectedSupplyDuration());
        BigDecimal every = interval == null ? days : interval;
        return new Submission.Order(
                path,
                request.getIdentifierFirstRep().getValue(),
                code,
                medication.hasText() ? medication.getText() : displayOf(medication),
                code == null ? null : catalogue.apply(code),
                request.getCategory().stream().flatMap(one -> codes(one)).findFirst().orElse(null),
                productOnly(request),
                request.getSubstitution().hasReason(),
                supply.getQuantity().getValue(),
                supply.getQuantity().getUnit(),
                dose.getValue(),
                dose.hasUnit() ? dose.getUnit() : dose.getCode(),
                dailyTimes(dosage),
                days,
                Math.max(0, repeats) + 1,
                repeats > 0 && every != null ? every.intValue() : 0,
                codes(request.getCourseOfTherapyType()).anyMatch("continuous"::equals),
                extensionText(request, EXTENDED),
                instant(request.getAuthoredOn()),
                instant(supply.getValidityPeriod().getStart()),
                instant(supply.getValidityPeriod().getEnd()));
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

    private static @Nullable BigDecimal days(Quantity duration) {
        if (!duration.hasValue()) {
            return null;
        }
        String unit = duration.hasCode() ? duration.getCode() : duration.getUnit();
        BigDecimal factor = DAYS.get("天".equals(unit) || "日".equals(unit) ? "d" : unit);
        if ("h".equals(unit)) {
            return divided(duration.getValue(), HOURS);
        }
        return factor == null ? null : duration.getValue().multiply(factor);
    }

    /// How often a day, from the timing's repeat or its code; null for once or when needed.
    private static @Nullable BigDecimal dailyTimes(Dosage dosage) {
        boolean needed =
                dosage.hasAsNeededCodeableConcept()
                        || (dosage.hasAsNeededBooleanType()
                                && dosage.getAsNeededBooleanType().booleanValue());
        if (needed || !dosage.hasTiming()) {
            return null;
        }
        Timing timing = dosage.getTiming();
        Timing.TimingRepeatComponent repeat = timing.getRepeat();
        if (repeat.hasFrequency() && repeat.hasPeriod() && repeat.hasPeriodUnit()) {
            String unit = repeat.getPeriodUnit().toCode();
            BigDecimal frequency = BigDecimal.valueOf(repeat.getFrequency());
            BigDecimal period = repeat.getPeriod();
            if (period.signum() <= 0) {
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
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private OrderReader() {}
}
