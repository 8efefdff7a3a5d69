-- Every key outside the database can be replaced while the service serves.

-- What must not change with the index key: what vouches for Tasks and events, and what claim tokens are made with. It is the
-- first index key at the first start of this version, and stands here under the master key from then on.
CREATE TABLE kept_secret (
    name   text  PRIMARY KEY,
    sealed bytea NOT NULL
);
COMMENT ON TABLE  kept_secret IS 'Secrets of the deployment that outlive the keys outside the database';
COMMENT ON COLUMN kept_secret.name   IS 'What it is for';
COMMENT ON COLUMN kept_secret.sealed IS 'The secret, sealed under the master key';

CREATE TABLE blind_index_key (
    number      integer     PRIMARY KEY CHECK (number BETWEEN 1 AND 65535),
    fingerprint bytea       NOT NULL CHECK (length(fingerprint) = 32),
    state       text        NOT NULL CHECK (state IN ('announced', 'writes', 'read', 'retired')),
    changed_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX blind_index_key_writes ON blind_index_key (state) WHERE state = 'writes';
COMMENT ON TABLE  blind_index_key IS 'Keys of the blind indexes by number: what an instance must know to find everybody';
COMMENT ON COLUMN blind_index_key.number      IS 'As in index.<number> of the master keys';
COMMENT ON COLUMN blind_index_key.fingerprint IS 'Keyed hash by which a wrong key is told at the start';
COMMENT ON COLUMN blind_index_key.state       IS 'announced: every instance must have it now; writes: new rows are under it; read: some rows still are; retired: none is';
COMMENT ON COLUMN blind_index_key.changed_at  IS 'When the state last changed';
CREATE TRIGGER blind_index_key_tell AFTER INSERT OR UPDATE ON blind_index_key
    FOR EACH STATEMENT EXECUTE FUNCTION identity_tell();

ALTER TABLE patient ADD COLUMN index_key integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN patient.index_key IS 'Number of the key that the three indexes are under; no fact, so the ledger leaves it out';
ALTER TABLE prescription ADD COLUMN pickup_index_key integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN prescription.pickup_index_key IS 'Number of the key that pickup_code_index is under';

-- An instance that does not know of the newest key, such as one of the version before, would make a person a second time. It
-- is told to come again (57P03). The lock is what a foreign key takes: whoever moves on to the next key waits for it.
CREATE FUNCTION patient_index_key() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM blind_index_key WHERE number = NEW.index_key AND state = 'writes' FOR KEY SHARE;
    IF NOT FOUND AND EXISTS (SELECT 1 FROM blind_index_key) THEN
        RAISE EXCEPTION 'blind index key % does not write', NEW.index_key USING ERRCODE = '57P03';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION patient_index_key IS 'Lets nobody be registered under a key that does not write any more';
CREATE TRIGGER patient_index_key BEFORE INSERT ON patient
    FOR EACH ROW EXECUTE FUNCTION patient_index_key();

-- Reasons are sealed. They come under the newest master key, and that is all that may be changed of a decision.
CREATE FUNCTION price_reseal_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.reason LIKE 'sealed:1:%' AND NEW.reason LIKE 'sealed:1:%'
            AND to_jsonb(OLD) - 'reason' = to_jsonb(NEW) - 'reason' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END
$$;
COMMENT ON FUNCTION price_reseal_only IS 'Refuses every change but that of a sealed reason into a sealed reason';
DROP TRIGGER price_decision_append_only ON price_decision;
CREATE TRIGGER price_decision_append_only BEFORE DELETE ON price_decision
    FOR EACH STATEMENT EXECUTE FUNCTION price_append_only();
CREATE TRIGGER price_decision_reseal_only BEFORE UPDATE ON price_decision
    FOR EACH ROW EXECUTE FUNCTION price_reseal_only();
DROP TRIGGER swap_judgement_append_only ON swap_judgement;
CREATE TRIGGER swap_judgement_append_only BEFORE DELETE ON swap_judgement
    FOR EACH STATEMENT EXECUTE FUNCTION price_append_only();
CREATE TRIGGER swap_judgement_reseal_only BEFORE UPDATE ON swap_judgement
    FOR EACH ROW EXECUTE FUNCTION price_reseal_only();
DROP TRIGGER sale_release_append_only ON sale_release;
CREATE TRIGGER sale_release_append_only BEFORE DELETE ON sale_release
    FOR EACH STATEMENT EXECUTE FUNCTION price_append_only();
CREATE TRIGGER sale_release_reseal_only BEFORE UPDATE ON sale_release
    FOR EACH ROW EXECUTE FUNCTION price_reseal_only();
