-- A hospital finds a patient as its own documents name the person, never by what another's say; birth date and gender are found
-- by blind indexes, too. Rows of before get theirs when the service starts.

ALTER TABLE patient ADD COLUMN birth_index bytea, ADD COLUMN gender_index bytea;
COMMENT ON COLUMN patient.birth_index IS 'Blind index of the birth date, null before it was kept and of who was erased';
COMMENT ON COLUMN patient.gender_index IS 'Blind index of the gender, null before it was kept and of who was erased';

ALTER TABLE patient_named
    ADD COLUMN index_key integer,
    ADD COLUMN name_index bytea,
    ADD COLUMN phone_index bytea,
    ADD COLUMN birth_index bytea,
    ADD COLUMN gender_index bytea;
COMMENT ON COLUMN patient_named.index_key IS 'Number of the key that the indexes are under, null before they were kept';
COMMENT ON COLUMN patient_named.name_index IS 'Blind index of the name';
COMMENT ON COLUMN patient_named.phone_index IS 'Blind index of the telephone, null without one';
COMMENT ON COLUMN patient_named.birth_index IS 'Blind index of the birth date';
COMMENT ON COLUMN patient_named.gender_index IS 'Blind index of the gender';

-- No facts, so the ledger leaves them out. Who writes under a key that does not write any more is told to come again, as for
-- a new person.
CREATE TRIGGER patient_named_index_key BEFORE INSERT ON patient_named
    FOR EACH ROW WHEN (NEW.index_key IS NOT NULL) EXECUTE FUNCTION patient_index_key();

CREATE INDEX patient_birth ON patient (birth_index);
CREATE INDEX patient_named_name ON patient_named (name_index, organization_id);
CREATE INDEX patient_named_phone ON patient_named (phone_index, organization_id) WHERE phone_index IS NOT NULL;
CREATE INDEX patient_named_birth ON patient_named (birth_index, organization_id);
CREATE INDEX patient_unindexed ON patient (id) WHERE birth_index IS NULL AND erased_at IS NULL;
CREATE INDEX patient_named_unindexed ON patient_named (patient_id, organization_id) WHERE index_key IS NULL;
