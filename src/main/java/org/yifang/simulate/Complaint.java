package org.yifang.simulate;

import java.math.BigDecimal;
import java.util.List;

/// What is wrong with a patient, and what is prescribed against it.
///
/// @param department where the patient is seen
/// @param icd the diagnosis in the medical-insurance edition of ICD-10
/// @param diagnosis the same in words
record Complaint(String department, String icd, String diagnosis, List<Line> lines) {
    Complaint {
        lines = List.copyOf(lines);
    }

    /// One line of a prescription.
    ///
    /// @param drug the product named; another maker's will do
    /// @param dose how much at a time
    /// @param doseUnit what the dose is counted in: `片`, `mg`, `ml`
    /// @param timesPerDay how often a day
    /// @param days how long
    /// @param quantity how many preparation units altogether
    record Line(
            Drug drug, BigDecimal dose, String doseUnit, int timesPerDay, int days, int quantity) {
        /// What people read: `苯磺酸氨氯地平片 每次1片 每日1次 共7片`.
        String words() {
            return "%s 每次%s%s 每日%d次 共%d%s"
                    .formatted(
                            drug.name(),
                            dose.toPlainString(),
                            doseUnit,
                            timesPerDay,
                            quantity,
                            drug.unit());
        }
    }
}
