package org.yifang.prescription;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/// A submitted prescription as the rules see it: what could be read. What is missing although it is
/// needed is null, and the profile says so.
///
/// @param numbers every prescription number in the document, one when all is well
/// @param custodian number of the issuing organization
/// @param uscc its unified social credit code
/// @param patients how many Patient resources there are
/// @param subjects how many different patients the resources refer to
/// @param authors every author, requester and legal attester, by reference
/// @param reviewed whether the hospital's reviewing pharmacist has attested it
/// @param issuingHospitalOnly whether it may not circulate outside
/// @param emergency whether it comes from an emergency visit or is an emergency prescription
/// @param department the clinic's name, null when not said
/// @param timestamp when the document was made
/// @param diagnoses codes of the diagnoses
/// @param predecessor number of the prescription that this one renews
public record Submission(
        Set<String> numbers,
        @Nullable String custodian,
        @Nullable String uscc,
        int patients,
        int subjects,
        @Nullable Person patient,
        Set<String> authors,
        @Nullable Prescriber prescriber,
        boolean reviewed,
        boolean issuingHospitalOnly,
        boolean emergency,
        @Nullable String department,
        @Nullable Instant timestamp,
        @Nullable Instant visit,
        List<String> diagnoses,
        List<Order> orders,
        List<String> allergies,
        boolean skinTest,
        boolean weight,
        @Nullable String predecessor,
        String priority) {

    /// The patient as the document names her.
    public record Person(
            @Nullable String system,
            @Nullable String number,
            @Nullable String name,
            @Nullable String gender,
            @Nullable LocalDate birthDate,
            String expression) {
        /// Personal data never lands in a log.
        @Override
        public String toString() {
            return "Person";
        }
    }

    /// The prescriber.
    ///
    /// @param titleCode 职称 as coded by the medical insurance (`231` 主任 … `235` 医士), or null
    /// @param identityNumber an identity card number in the document, or null
    public record Prescriber(
            @Nullable String number,
            @Nullable String name,
            @Nullable String titleCode,
            @Nullable String identityNumber,
            String expression) {
        @Override
        public String toString() {
            return "Prescriber";
        }
    }

    /// One line.
    ///
    /// @param expression FHIRPath of the MedicationRequest
    /// @param drug the catalogue's product, null when the code is unknown
    /// @param dailyTimes how often a day, null when it cannot be known
    /// @param dose one dose as written
    /// @param days 天: the supply it is meant for
    /// @param fills how many fills, 1 without repeats
    public record Order(
            String expression,
            @Nullable String identifier,
            @Nullable String code,
            @Nullable String text,
            @Nullable Drug drug,
            @Nullable String category,
            boolean productOnly,
            boolean substitutionReason,
            @Nullable BigDecimal quantity,
            @Nullable String unit,
            @Nullable BigDecimal dose,
            @Nullable String doseUnit,
            @Nullable BigDecimal dailyTimes,
            @Nullable BigDecimal days,
            int fills,
            int intervalDays,
            boolean continuous,
            @Nullable String extendedReason,
            @Nullable Instant authoredOn,
            @Nullable Instant validFrom,
            @Nullable Instant validUntil) {

        /// The quantity of one fill in preparation units, null when drug or unit are unknown.
        public @Nullable BigDecimal units() {
            return drug == null || quantity == null || unit == null
                    ? null
                    : drug.preparationUnits(quantity, unit).orElse(null);
        }

        /// What is taken in a day, in preparation units, null when it cannot be known.
        public @Nullable BigDecimal dailyUnits() {
            if (drug == null
                    || dose == null
                    || doseUnit == null
                    || dailyTimes == null
                    || dose.signum() <= 0) {
                return null;
            }
            return drug.preparationUnitsOfDose(dose, doseUnit)
                    .map(units -> units.multiply(dailyTimes))
                    .filter(units -> units.signum() > 0)
                    .orElse(null);
        }
    }
}
