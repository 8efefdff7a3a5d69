package org.yifang.prescription.submit;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.registry.NhsaStaff;

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
/// @param attestations by whom the hospital says that it was reviewed
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
        List<Attestation> attestations,
        boolean issuingHospitalOnly,
        boolean emergency,
        @Nullable String department,
        @Nullable Instant timestamp,
        @Nullable Instant visit,
        List<String> diagnoses,
        List<Order> orders,
        List<Substance> allergies,
        List<SkinTest> skinTests,
        boolean weight,
        @Nullable String predecessor,
        String priority) {

    /// Whether the hospital has reviewed it: one pharmacist, or two different ones where the law
    /// asks for a second.
    public boolean reviewed() {
        if (!ControlledRules.needsSecondReviewer(this)) {
            return attestations.stream().anyMatch(Attestation::isPharmacists);
        }
        return attestations.stream()
                        .filter(Attestation::isNumberedPharmacists)
                        .map(Attestation::number)
                        .distinct()
                        .count()
                >= 2;
    }

    /// A professional attester.
    ///
    /// @param number staff number, null when the document gives none
    /// @param named whether it says in any way who that is; a hospital answers for its pharmacists,
    ///   and not every one has them numbered
    /// @param prescriber whether it is the prescriber
    /// @param expression FHIRPath of the attester
    public record Attestation(
            @Nullable String number, boolean named, boolean prescriber, String expression) {
        /// Whether it may be the attestation of a pharmacist who did not prescribe.
        public boolean isPharmacists() {
            return number == null ? named && !prescriber : isNumberedPharmacists();
        }

        /// Whether it surely is: one of two reviewers is known by number.
        boolean isNumberedPharmacists() {
            return number != null
                    && !prescriber
                    && NhsaStaff.parse(number).filter(NhsaStaff::isPharmacist).isPresent();
        }
    }

    /// A substance or a drug as a document names it, in words and codes.
    ///
    /// @param words texts and displays
    /// @param codes of the ATC and of the drug catalogue, in capitals
    public record Substance(List<String> words, List<String> codes) {
        /// Personal data never lands in a log.
        @Override
        public String toString() {
            return "Substance";
        }
    }

    /// A skin test with a result.
    ///
    /// @param of what was tested; words are empty when the test does not say
    public record SkinTest(Substance of, boolean positive) {}

    /// What cannot be taken as written, noted while reading.
    public record Fault(String expression, String detail, String remedy) {}

    /// The patient as the document names her.
    public record Person(
            @Nullable String system,
            @Nullable String number,
            @Nullable String name,
            @Nullable String gender,
            @Nullable LocalDate birthDate,
            @Nullable String phone,
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
    /// @param days 天: the supply it is meant for, as written
    /// @param fills how many fills, 1 without repeats
    /// @param faults numbers and units that cannot be taken as written
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
            @Nullable Instant validUntil,
            List<Fault> faults) {

        /// When its validity begins: as noted, or when it was written.
        public Instant opens(Instant now) {
            return validFrom != null ? validFrom : authoredOn != null ? authoredOn : now;
        }

        /// When its validity ends. Without a noted end a prescription is valid on its day of issue
        /// (处方管理办法 art. 18).
        public Instant ends(Instant now) {
            return validUntil != null
                    ? validUntil
                    : opens(now)
                            .atZone(SubmissionReader.SHANGHAI)
                            .toLocalDate()
                            .plusDays(1)
                            .atStartOfDay(SubmissionReader.SHANGHAI)
                            .toInstant();
        }

        /// The days of one fill: as written, else as long as the quantity lasts.
        public @Nullable BigDecimal supplyDays() {
            return days != null ? days : SupplyRules.lasts(this);
        }

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
