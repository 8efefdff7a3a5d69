package org.yifang.simulate;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// One patient's way through the day, decided before it begins.
///
/// @param index 1 for the first that was decided
/// @param arrivalSecond when the patient enters the consulting room, in seconds of the day
/// @param doctor position in the hospital's staff
/// @param complaint what is wrong and what is prescribed against it
/// @param pharmacies where the patient would go, in order; different ones
/// @param ending what becomes of the prescription
/// @param quirks what else happens on the way
/// @param seed for whatever else is left to chance on this way
record Visit(
        int index,
        int arrivalSecond,
        County.Hospital hospital,
        int doctor,
        Person patient,
        Complaint complaint,
        List<County.Client> pharmacies,
        Ending ending,
        Set<Quirk> quirks,
        long seed) {

    Visit {
        quirks = quirks.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(quirks));
        pharmacies = List.copyOf(pharmacies);
    }

    /// What becomes of a prescription.
    enum Ending {
        /// Every line is handed over.
        DISPENSED,
        /// The patient never comes to a pharmacy.
        NOT_FETCHED,
        /// The hospital cancels it before anybody has claimed it.
        CANCELLED,
        /// The reviewing pharmacist refuses it.
        REVIEW_REFUSED,
        /// The patient leaves the pharmacy with nothing, and goes nowhere else.
        GIVEN_UP
    }

    /// What else happens on the way; each provokes an answer that the contract fixes.
    enum Quirk {
        /// The hospital's own pharmacist has reviewed it before it is submitted.
        REVIEWED_BEFORE,
        /// The hospital sends the document twice at the same moment.
        SUBMITTED_TWICE,
        /// The hospital reuses the number for something else.
        NUMBER_REUSED,
        /// The hospital first sends it with a drug that nobody knows.
        UNKNOWN_DRUG,
        /// The patient goes to the pharmacy before it is reviewed.
        TOO_EARLY,
        /// Another hospital tries to read it.
        READ_BY_STRANGER,
        /// The pharmacy mistypes the pick-up code.
        WRONG_CODE,
        /// Two pharmacies claim it at the same moment.
        RACED,
        /// The pharmacy asks again although it holds it.
        CLAIMED_TWICE,
        /// Another pharmacy tries while it is held.
        CLAIMED_BY_OTHER,
        /// The patient goes to another pharmacy after all.
        CHANGES_MIND,
        /// The pharmacy sends its dispense twice at the same moment.
        DISPENSED_TWICE,
        /// The same person prepares and checks, which is refused, and is then put right.
        UNCHECKED,
        /// Somebody comes with the same code when all has been handed over.
        COMES_AGAIN
    }

    boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }
}
