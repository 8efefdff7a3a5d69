-- An event that changed a prescription commits to what it made of it. The service names what an event is about, `content
-- Task/<id>/<version>` at the end of `change`; the hash is taken here, of the rows as they are stored, in the transaction that
-- wrote them, and takes part in the commitment to `change`. The same functions take it again when the log is reconciled.

-- jsonb_build_array tells nothing and an empty text apart, and is written the same whatever a session is set to; times are
-- their microseconds, bytes their SHA-256.
CREATE FUNCTION audit_hash(content text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT encode(sha256(convert_to(content, 'UTF8')), 'base64') $$;
COMMENT ON FUNCTION audit_hash IS 'SHA-256 of a text, base64';

CREATE FUNCTION audit_bytes(content bytea) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT encode(sha256(content), 'hex') $$;
COMMENT ON FUNCTION audit_bytes IS 'SHA-256 of bytes, hexadecimal';

CREATE FUNCTION audit_moment(moment timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT (extract(epoch FROM moment) * 1000000)::bigint $$;
COMMENT ON FUNCTION audit_moment IS 'Microseconds since 1970';

-- What never changes again: one version of a Task, and with the first one the document as it was submitted.
CREATE FUNCTION audit_task_version(of_task uuid, of_version bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT audit_hash(jsonb_build_array(
        h.prescription_id, h.version, h.state, h.claimed_by, audit_moment(h.lease_until), h.directed_to,
        audit_bytes(h.task), audit_bytes(h.reviews), audit_moment(h.updated_at),
        CASE WHEN of_version = 1 THEN (
            SELECT jsonb_build_array(
                p.hospital_id, p.hospital, p.rx_number, audit_bytes(p.content_hash), p.bundle_id, p.original_id,
                audit_bytes(p.original), p.original_type, p.patient_id, p.prescriber, p.kind, p.circulation,
                audit_moment(p.valid_from), audit_moment(p.valid_until), p.fills, p.fill_interval_days,
                audit_moment(p.created_at),
                (SELECT jsonb_agg(jsonb_build_array(
                        l.id, l.line, l.identifier, l.drug_code, l.product_only, l.quantity, l.unit,
                        l.substitution_set, audit_bytes(l.content)) ORDER BY l.line)
                 FROM prescription_line l WHERE l.prescription_id = p.id),
                (SELECT jsonb_agg(jsonb_build_array(c.id, c.type, c.patient_id, audit_bytes(c.content)) ORDER BY c.id)
                 FROM clinical_resource c WHERE c.prescription_id = p.id AND c.type <> 'Encounter'))
            FROM prescription p WHERE p.id = of_task) END)::text)
    FROM prescription_history h
    WHERE h.prescription_id = of_task AND h.version = of_version
$$;
COMMENT ON FUNCTION audit_task_version IS 'Hash of one version of a Task, of the first with the document that was submitted';

-- What goes on changing: the Task as it stands with all that was claimed, handed out and taken back.
CREATE FUNCTION audit_task_state(of_task uuid) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT audit_hash(jsonb_build_array(
        p.id, p.version, p.state, p.fill, p.directed_to, p.claim_number, p.claimed_by, p.last_claimant,
        audit_moment(p.claimed_at), audit_moment(p.lease_until), audit_moment(p.claim_most), p.claim_ended,
        p.claim_dispensed, p.suspended_from, audit_moment(p.suspended_until), p.successor_id, audit_bytes(p.task),
        audit_bytes(p.reviews),
        (SELECT jsonb_agg(jsonb_build_array(l.id, l.remaining, l.dispensed, l.status, l.version) ORDER BY l.line)
         FROM prescription_line l WHERE l.prescription_id = p.id),
        (SELECT jsonb_agg(jsonb_build_array(h.line_id, h.version, h.status, h.remaining) ORDER BY h.line_id, h.version)
         FROM prescription_line l JOIN prescription_line_history h ON h.line_id = l.id WHERE l.prescription_id = p.id),
        (SELECT jsonb_agg(jsonb_build_array(c.number, c.pharmacy_id, audit_moment(c.claimed_at)) ORDER BY c.number)
         FROM prescription_claim c WHERE c.prescription_id = p.id),
        (SELECT jsonb_agg(jsonb_build_array(
                d.id, d.line_id, d.pharmacy_id, d.identifier_system, d.identifier, audit_bytes(d.content_hash),
                d.claim_number, d.fill, d.drug_code, d.quantity, d.taken_back, d.price_fen,
                audit_moment(d.handed_over_at), audit_bytes(d.content), d.version, audit_moment(d.created_at),
                (SELECT jsonb_agg(jsonb_build_array(t.code, t.quantity, t.freed, t.withdrawn) ORDER BY t.code)
                 FROM dispense_trace_code t WHERE t.dispense_id = d.id),
                (SELECT jsonb_agg(jsonb_build_array(b.identifier_system, b.identifier, audit_bytes(b.content_hash),
                        b.quantity, b.disposition) ORDER BY b.identifier_system, b.identifier)
                 FROM take_back b WHERE b.dispense_id = d.id)) ORDER BY d.id)
         FROM dispense d WHERE d.prescription_id = p.id))::text)
    FROM prescription p WHERE p.id = of_task
$$;
COMMENT ON FUNCTION audit_task_state IS 'Hash of a Task as it stands, with its lines, claims, dispenses, take-backs and trace codes';

CREATE FUNCTION audit_content(reference text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE split_part(reference, '/', 1)
        WHEN 'Task' THEN
            audit_task_version(split_part(reference, '/', 2)::uuid, split_part(reference, '/', 3)::bigint)
            || ' ' || audit_task_state(split_part(reference, '/', 2)::uuid)
    END
$$;
COMMENT ON FUNCTION audit_content IS 'What an event commits to of what it changed; null when there is nothing of it';

-- The commitment is SHA-256(salt, JSON string); `change` is the 17th of the fields (org.yifang.audit.Event).
CREATE FUNCTION audit_event_content() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.change := NEW.change || coalesce(' ' || audit_content(substring(NEW.change FROM '(?:^|; )content (\S+)$')), '');
    NEW.commitments := overlay(NEW.commitments PLACING
        sha256(substring(NEW.salts FROM 16 * 16 + 1 FOR 16) || convert_to(to_jsonb(NEW.change)::text, 'UTF8'))
        FROM 16 * 32 + 1);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION audit_event_content IS 'Adds to an event the hash of what it changed';

CREATE TRIGGER audit_event_content BEFORE INSERT ON audit_event
    FOR EACH ROW WHEN (NEW.change ~ '(^|; )content \S+$') EXECUTE FUNCTION audit_event_content();

-- What events committed to. `newest` is the last word on a Task.
CREATE VIEW audit_committed AS
SELECT e.id, e.recorded, e.txid, told.content[1] AS reference, told.content[2] AS version_hash, told.content[3] AS state_hash,
    row_number() OVER (PARTITION BY split_part(told.content[1], '/', 2)
        ORDER BY split_part(told.content[1], '/', 3)::bigint DESC, e.id DESC) = 1 AS newest
FROM audit_event e
    CROSS JOIN LATERAL regexp_match(e.change, '(?:^|; )content (Task/[0-9a-f-]{36}/\d+)(?: (\S+) (\S+))?$') AS told (content)
WHERE e.change LIKE '%content Task/%' AND told.content IS NOT NULL;
COMMENT ON VIEW   audit_committed IS 'What events committed to of the prescriptions that they changed';
COMMENT ON COLUMN audit_committed.id           IS 'The event';
COMMENT ON COLUMN audit_committed.recorded     IS 'When it was recorded';
COMMENT ON COLUMN audit_committed.txid         IS 'Its transaction';
COMMENT ON COLUMN audit_committed.reference    IS 'Task/id/version';
COMMENT ON COLUMN audit_committed.version_hash IS 'Hash of that version; null: none was taken';
COMMENT ON COLUMN audit_committed.state_hash   IS 'Hash of the Task as it stood then';
COMMENT ON COLUMN audit_committed.newest       IS 'Whether no later event speaks of the Task';

CREATE VIEW audit_content_altered AS
SELECT c.id, c.reference, told.what
FROM audit_committed c
    CROSS JOIN LATERAL (SELECT split_part(c.reference, '/', 2)::uuid AS task,
                               split_part(c.reference, '/', 3)::bigint AS number) AS of
    CROSS JOIN LATERAL (
        SELECT 'version' AS what
        WHERE c.version_hash IS DISTINCT FROM audit_task_version(of.task, of.number)
        UNION ALL
        SELECT 'state'
        WHERE c.newest AND c.state_hash IS DISTINCT FROM audit_task_state(of.task)) AS told;
COMMENT ON VIEW   audit_content_altered IS 'Prescriptions that are not what the events of their changes committed to: there must be none';
COMMENT ON COLUMN audit_content_altered.id        IS 'The event';
COMMENT ON COLUMN audit_content_altered.reference IS 'Task/id/version';
COMMENT ON COLUMN audit_content_altered.what      IS 'version: that version, or the document; state: the Task as it stands, or what was handed out';

-- What was stored before events committed to content is told of by the transaction alone, as before.
CREATE VIEW audit_version_not_committed AS
SELECT 'Task/' || h.prescription_id || '/' || h.version AS reference, h.updated_at
FROM prescription_history h
WHERE h.txid >= (SELECT min(c.txid::text::numeric)::text::xid8 FROM audit_committed c)
  AND NOT EXISTS (SELECT 1 FROM audit_committed c
                  WHERE c.reference = 'Task/' || h.prescription_id || '/' || h.version);
COMMENT ON VIEW   audit_version_not_committed IS 'Versions of Tasks that no event commits to, though later than the first event that committed to one: there must be none';
COMMENT ON COLUMN audit_version_not_committed.reference  IS 'Task/id/version';
COMMENT ON COLUMN audit_version_not_committed.updated_at IS 'When it says that it was made';

CREATE VIEW audit_trace_code_altered AS
SELECT t.code, t.sold, coalesce(s.sold, 0) AS told
FROM trace_code t
    LEFT JOIN (SELECT code, sum(quantity - freed) AS sold FROM dispense_trace_code GROUP BY code) s USING (code)
WHERE t.sold <> coalesce(s.sold, 0);
COMMENT ON VIEW   audit_trace_code_altered IS 'Packs of which more or less counts as sold than was handed out: there must be none';
COMMENT ON COLUMN audit_trace_code_altered.code IS 'The trace code';
COMMENT ON COLUMN audit_trace_code_altered.sold IS 'What counts as sold';
COMMENT ON COLUMN audit_trace_code_altered.told IS 'What dispenses tell';

CREATE VIEW audit_offer_altered AS
SELECT o.id, o.pharmacy, o.drug_code
FROM offer o LEFT JOIN price_event e ON e.id = o.event_id
WHERE o.event_id IS NOT NULL
  AND (e.pharmacy_id, e.drug_code, e.price_fen, e.price_type, e.patient_pays_fen, e.patient_basis, e.observed_at)
      IS DISTINCT FROM
      (o.pharmacy_id, o.drug_code, o.price_fen, o.price_type, o.patient_pays_fen, o.patient_basis, o.observed_at);
COMMENT ON VIEW   audit_offer_altered IS 'Offers that show another price than the price event that they name: there must be none';
COMMENT ON COLUMN audit_offer_altered.id        IS 'The offer';
COMMENT ON COLUMN audit_offer_altered.pharmacy  IS 'Number of the pharmacy';
COMMENT ON COLUMN audit_offer_altered.drug_code IS 'The drug';

-- Of `change`, what an event commits to is no change of state by itself.
CREATE OR REPLACE VIEW audit_event_without_change AS
SELECT e.id, e.recorded, e.task_id, e.operation, e.change
FROM audit_event e
WHERE e.change IS NOT NULL AND e.change NOT LIKE 'content %' AND e.task_id IS NOT NULL AND e.outcome = 0
  AND NOT EXISTS (SELECT 1 FROM prescription_history h
                  WHERE h.prescription_id = e.task_id AND h.txid = e.txid);

CREATE VIEW audit_trigger_off AS
SELECT c.relname::text AS table_name, t.tgname::text AS trigger_name
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND t.tgenabled <> 'O';
COMMENT ON VIEW   audit_trigger_off IS 'Triggers and foreign keys that are switched off: there must be none';
COMMENT ON COLUMN audit_trigger_off.table_name   IS 'The table';
COMMENT ON COLUMN audit_trigger_off.trigger_name IS 'The trigger';

CREATE VIEW audit_trigger_on AS
SELECT DISTINCT t.tgname::text AS trigger_name
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND NOT t.tgisinternal;
COMMENT ON VIEW   audit_trigger_on IS 'The triggers that are there';
COMMENT ON COLUMN audit_trigger_on.trigger_name IS 'The trigger';
