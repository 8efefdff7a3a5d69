-- What people wrote into the log in their own words, why they looked behind a mask or kept something as evidence, and the names of
-- staff, is sealed as the name of the caller is: the text together with its salt. The commitment stays that of the whole text.
-- The service sends the text for the triggers before this one, which add the hashes and commit to all of it; then it is taken out.

ALTER TABLE audit_event
    ADD COLUMN change_sealed bytea,
    ADD COLUMN change_hidden integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN audit_event.change_sealed IS 'Salt and beginning of `change` where that tells of people in words, sealed under a key outside the database; null: all of it stands in change';
COMMENT ON COLUMN audit_event.change_hidden IS 'How many characters of `change` are sealed';

CREATE FUNCTION audit_event_seal() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.change := nullif(substr(NEW.change, NEW.change_hidden + 1), '');
    NEW.salts := overlay(NEW.salts PLACING decode(repeat('00', 16), 'hex') FROM 16 * 16 + 1);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION audit_event_seal IS 'Takes out of an event what is sealed beside it; runs after audit_event_ledger, by its name';

CREATE TRIGGER audit_event_seal BEFORE INSERT ON audit_event
    FOR EACH ROW WHEN (NEW.change_sealed IS NOT NULL) EXECUTE FUNCTION audit_event_seal();

-- What the version before wrote in clear is sealed by the next start, and found by this.
CREATE INDEX audit_event_text ON audit_event (id)
    WHERE change IS NOT NULL AND change_sealed IS NULL
      AND operation IN ('unmask', 'legal-hold', 'register-person', 'change-person');
