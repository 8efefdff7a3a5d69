-- A hospital reads a patient as its own documents name the person, not as another's do.

CREATE TABLE patient_named (
    patient_id      uuid        NOT NULL REFERENCES patient,
    organization_id uuid        NOT NULL REFERENCES organization,
    person          bytea       NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (patient_id, organization_id)
);
COMMENT ON TABLE  patient_named IS 'How the documents of an organization name a patient, sealed';
COMMENT ON COLUMN patient_named.patient_id IS 'Who';
COMMENT ON COLUMN patient_named.organization_id IS 'Whose documents';
COMMENT ON COLUMN patient_named.person IS 'Name, number, gender and birth date, sealed with the patient''s key';
COMMENT ON COLUMN patient_named.updated_at IS 'When a document last said so';
