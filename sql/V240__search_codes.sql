-- Lines by their number, lines and dispenses by drug: `MedicationRequest?identifier=`, `?code=`, `MedicationDispense?code=`.
CREATE INDEX prescription_line_identifier ON prescription_line (identifier);
CREATE INDEX prescription_line_drug ON prescription_line (drug_code);
CREATE INDEX dispense_drug ON dispense (drug_code);
