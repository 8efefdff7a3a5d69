-- Who takes part: organizations and their places, practitioners, patients.

CREATE TABLE organization (
    id         uuid        PRIMARY KEY,
    region     text        NOT NULL,
    number     text        NOT NULL UNIQUE,
    kind       text        NOT NULL CHECK (kind IN ('hospital', 'pharmacy', 'bureau')),
    name       text        NOT NULL,
    uscc       text        UNIQUE,
    part_of    uuid        REFERENCES organization,
    phone      text,
    version    bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT organization_part_of CHECK (part_of IS NULL OR (kind = 'pharmacy' AND part_of <> id))
);
COMMENT ON TABLE  organization IS 'Hospitals, pharmacies and bureaus';
COMMENT ON COLUMN organization.id IS 'Id of the Organization';
COMMENT ON COLUMN organization.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN organization.number IS 'Number of the medical insurance (nhsa-org); of a bureau its USCC';
COMMENT ON COLUMN organization.kind IS 'What it is';
COMMENT ON COLUMN organization.name IS 'Registered name';
COMMENT ON COLUMN organization.uscc IS 'Unified social credit code (GB 32100)';
COMMENT ON COLUMN organization.part_of IS 'The hospital whose in-house pharmacy it is';
COMMENT ON COLUMN organization.phone IS 'Telephone for the public';
COMMENT ON COLUMN organization.version IS 'Organization.meta.versionId';
COMMENT ON COLUMN organization.created_at IS 'When it was registered';
COMMENT ON COLUMN organization.updated_at IS 'When it last changed';

CREATE TABLE location (
    id              uuid             PRIMARY KEY,
    region          text             NOT NULL,
    organization_id uuid             NOT NULL REFERENCES organization,
    name            text             NOT NULL,
    address         text             NOT NULL,
    latitude        double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude       double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    hours           text             NOT NULL,
    version         bigint           NOT NULL,
    created_at      timestamptz      NOT NULL,
    updated_at      timestamptz      NOT NULL,
    CONSTRAINT location_name UNIQUE (organization_id, name)
);
COMMENT ON TABLE  location IS 'Where an organization serves people, and when';
COMMENT ON COLUMN location.id IS 'Id of the Location and of its HealthcareService';
COMMENT ON COLUMN location.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN location.organization_id IS 'Whose counter it is';
COMMENT ON COLUMN location.name IS 'What people call it';
COMMENT ON COLUMN location.address IS 'Postal address';
COMMENT ON COLUMN location.latitude IS 'Degrees north, WGS 84';
COMMENT ON COLUMN location.longitude IS 'Degrees east, WGS 84';
COMMENT ON COLUMN location.hours IS 'Weekly hours in Asia/Shanghai: Mo-Fr 08:00-12:00,14:00-17:30; Sa 08:00-12:00';
COMMENT ON COLUMN location.version IS 'Location.meta.versionId';
COMMENT ON COLUMN location.created_at IS 'When it was registered';
COMMENT ON COLUMN location.updated_at IS 'When it last changed';

CREATE TABLE practitioner (
    id              uuid        PRIMARY KEY,
    region          text        NOT NULL,
    number          text        NOT NULL UNIQUE,
    name            text        NOT NULL,
    profession      text        NOT NULL CHECK (profession IN ('physician', 'pharmacist', 'other')),
    title           text,
    organization_id uuid        REFERENCES organization,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX practitioner_organization ON practitioner (organization_id);
COMMENT ON TABLE  practitioner IS 'Prescribers, pharmacists and others who sign';
COMMENT ON COLUMN practitioner.id IS 'Id of the Practitioner';
COMMENT ON COLUMN practitioner.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN practitioner.number IS 'Number of the medical insurance (nhsa-staff)';
COMMENT ON COLUMN practitioner.name IS 'Name in full';
COMMENT ON COLUMN practitioner.profession IS 'Physician, pharmacist or other';
COMMENT ON COLUMN practitioner.title IS 'Rank as registered: 主任医师, 主管药师';
COMMENT ON COLUMN practitioner.organization_id IS 'Where registered; null when known from documents only';
COMMENT ON COLUMN practitioner.version IS 'Practitioner.meta.versionId';
COMMENT ON COLUMN practitioner.created_at IS 'When first known';
COMMENT ON COLUMN practitioner.updated_at IS 'When it last changed';

CREATE TABLE patient (
    id               uuid        PRIMARY KEY,
    region           text        NOT NULL,
    identifier_index bytea       NOT NULL UNIQUE,
    name_index       bytea       NOT NULL,
    phone_index      bytea,
    patient_key      bytea       NOT NULL,
    person           bytea       NOT NULL,
    name_differs     boolean     NOT NULL DEFAULT false,
    version          bigint      NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL
);
CREATE INDEX patient_name    ON patient (name_index);
CREATE INDEX patient_phone   ON patient (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX patient_updated ON patient (updated_at, id);
COMMENT ON TABLE  patient IS 'One row per person; nothing in it tells who it is without the keys outside the database';
COMMENT ON COLUMN patient.id IS 'Id of the Patient';
COMMENT ON COLUMN patient.region IS 'GB/T 2260, six digits, of the first prescription';
COMMENT ON COLUMN patient.identifier_index IS 'Blind index of the identity number: one person is one row';
COMMENT ON COLUMN patient.name_index IS 'Blind index of the name';
COMMENT ON COLUMN patient.phone_index IS 'Blind index of the telephone number';
COMMENT ON COLUMN patient.patient_key IS 'The patient''s key, wrapped by a master key: destroying it erases the person';
COMMENT ON COLUMN patient.person IS 'Identity number, name, gender, birth date and telephone, sealed under the patient''s key';
COMMENT ON COLUMN patient.name_differs IS 'Whether a document named this identity number otherwise';
COMMENT ON COLUMN patient.version IS 'Patient.meta.versionId';
COMMENT ON COLUMN patient.created_at IS 'When first prescribed for';
COMMENT ON COLUMN patient.updated_at IS 'When it last changed';

-- Every process keeps organizations and practitioners in memory and reads them again when told.
CREATE FUNCTION registry_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('registry', TG_TABLE_NAME);
    RETURN NULL;
END
$$;
CREATE TRIGGER organization_tell AFTER INSERT OR UPDATE OR DELETE ON organization
    FOR EACH STATEMENT EXECUTE FUNCTION registry_tell();
CREATE TRIGGER location_tell AFTER INSERT OR UPDATE OR DELETE ON location
    FOR EACH STATEMENT EXECUTE FUNCTION registry_tell();
