-- What patients allow to be done with their prescriptions, and why each was shared.

CREATE TABLE consent (
    id              uuid        PRIMARY KEY,
    region          text        NOT NULL,
    patient_id      uuid        NOT NULL REFERENCES patient,
    category        text        NOT NULL CHECK (category IN ('circulation', 'find-without-code')),
    provision       text        NOT NULL CHECK (provision IN ('permit', 'deny')),
    recorded_by     text        NOT NULL CHECK (recorded_by IN ('patient', 'hospital')),
    organization_id uuid        REFERENCES organization,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    UNIQUE (patient_id, category)
);
COMMENT ON TABLE  consent IS 'What a patient allows or forbids, one row a patient and category';
COMMENT ON COLUMN consent.id IS 'Id of the Consent';
COMMENT ON COLUMN consent.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN consent.patient_id IS 'Whose';
COMMENT ON COLUMN consent.category IS 'What it is about (CodeSystem consent)';
COMMENT ON COLUMN consent.provision IS 'permit or deny';
COMMENT ON COLUMN consent.recorded_by IS 'The role that told it last: patient or hospital';
COMMENT ON COLUMN consent.organization_id IS 'The hospital that told it with the patient''s word, else null';
COMMENT ON COLUMN consent.version IS 'Consent.meta.versionId';
COMMENT ON COLUMN consent.created_at IS 'When it was first told';
COMMENT ON COLUMN consent.updated_at IS 'When it was told last';

CREATE TABLE consent_history (
    consent_id      uuid        NOT NULL REFERENCES consent,
    version         bigint      NOT NULL,
    provision       text        NOT NULL,
    recorded_by     text        NOT NULL,
    organization_id uuid,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (consent_id, version)
);
COMMENT ON TABLE  consent_history IS 'Every version of every consent';
COMMENT ON COLUMN consent_history.consent_id IS 'Which consent';
COMMENT ON COLUMN consent_history.version IS 'Its version';
COMMENT ON COLUMN consent_history.provision IS 'permit or deny';
COMMENT ON COLUMN consent_history.recorded_by IS 'The role that told it';
COMMENT ON COLUMN consent_history.organization_id IS 'The hospital that told it, else null';
COMMENT ON COLUMN consent_history.updated_at IS 'When it was told';

ALTER TABLE prescription ADD COLUMN sharing_basis text NOT NULL DEFAULT 'statutory-duty'
    CHECK (sharing_basis IN ('statutory-duty', 'consent'));
COMMENT ON COLUMN prescription.sharing_basis IS 'Why it is shared: the patient''s consent, else the statutory duty';
