-- What the log takes of each change costs less. PostgreSQL plans a function in SQL anew for each statement that calls it, and
-- that took five times as long as the hash; a function in PL/pgSQL keeps its plans. Nothing that is hashed changes.

-- Inlined where it stands in a query, since it promises no more than what it is made of.
CREATE OR REPLACE FUNCTION audit_moment(moment timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT (extract(epoch FROM moment) * 1000000)::bigint $$;

CREATE OR REPLACE FUNCTION audit_task_version(of_task uuid, of_version bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
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
        WHERE h.prescription_id = of_task AND h.version = of_version);
END
$$;

CREATE OR REPLACE FUNCTION audit_task_state(of_task uuid) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
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
        FROM prescription p WHERE p.id = of_task);
END
$$;

CREATE OR REPLACE FUNCTION audit_content(reference text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    named text[] := string_to_array(reference, '/');
BEGIN
    IF named[1] = 'Task' THEN
        RETURN audit_task_version(named[2]::uuid, named[3]::bigint) || ' ' || audit_task_state(named[2]::uuid);
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION audit_ledger_hash(of_txid xid8, upto bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT audit_hash(string_agg(concat_ws(' ', l.number, l.table_name, l.form,
            encode(sha256(convert_to(array_to_string(l.keys, E'\n'), 'UTF8')), 'hex'),
            (SELECT encode(sha256(string_agg(h.hash, ''::bytea ORDER BY h.at)), 'hex')
             FROM unnest(l.hashes) WITH ORDINALITY AS h (hash, at))), E'\n' ORDER BY l.number))
        FROM audit_ledger l WHERE l.txid = of_txid AND l.number <= upto);
END
$$;

-- How values are written as text must not depend on a session; setting that anew for each call took half of its time, so it is
-- done only where a session differs. An update that touched no row, as every INSERT … ON CONFLICT is one, ends at once.
CREATE OR REPLACE FUNCTION audit_guard_body(of_table text, of_form integer, key text[], columns text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format($body$
DECLARE
    kept text[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT EXISTS (SELECT FROM past) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF current_setting('TimeZone') NOT IN ('UTC', 'Etc/UTC') OR current_setting('DateStyle') NOT LIKE 'ISO,%%'
            OR current_setting('IntervalStyle') <> 'postgres' OR current_setting('extra_float_digits')::integer < 1
            OR current_setting('bytea_output') <> 'hex' THEN
        kept := audit_text_forms(ARRAY['UTC', 'ISO, YMD', 'postgres', '1', 'hex']);
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_ledger (table_name, form, keys, hashes)
        SELECT %1$L, %2$s, array_agg(s.key ORDER BY s.key), array_agg(s.hash ORDER BY s.key)
        FROM (SELECT %3$s AS key, %4$s AS hash FROM fresh r) s HAVING count(*) > 0;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_ledger (table_name, form, keys, hashes)
        SELECT %1$L, %2$s, array_agg(s.key ORDER BY s.key), array_agg(''::bytea ORDER BY s.key)
        FROM (SELECT %3$s AS key FROM past r) s HAVING count(*) > 0;
    ELSE
        INSERT INTO audit_ledger (table_name, form, keys, hashes)
        SELECT %1$L, %2$s, array_agg(s.key ORDER BY s.key), array_agg(s.hash ORDER BY s.key)
        FROM (SELECT coalesce(n.key, o.key) AS key, coalesce(n.hash, '') AS hash
              FROM (SELECT %3$s AS key, %4$s AS hash FROM fresh r) n
                  FULL JOIN (SELECT %3$s AS key, %4$s AS hash FROM past r) o ON n.key = o.key
              WHERE n.hash IS DISTINCT FROM o.hash) s HAVING count(*) > 0;
    END IF;
    IF FOUND THEN
        PERFORM set_config('yifang.ledger', 'open', true);
    END IF;
    IF kept IS NOT NULL THEN
        PERFORM audit_text_forms(kept);
    END IF;
    RETURN NULL;
END
$body$, of_table, of_form, audit_guard_key(key), audit_guard_hash(columns))
$$;

CREATE FUNCTION audit_text_forms(forms text[]) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
    kept text[] := ARRAY[current_setting('TimeZone'), current_setting('DateStyle'), current_setting('IntervalStyle'),
                         current_setting('extra_float_digits'), current_setting('bytea_output')];
BEGIN
    PERFORM set_config('TimeZone', forms[1], true), set_config('DateStyle', forms[2], true),
        set_config('IntervalStyle', forms[3], true), set_config('extra_float_digits', forms[4], true),
        set_config('bytea_output', forms[5], true);
    RETURN kept;
END
$$;
COMMENT ON FUNCTION audit_text_forms IS 'Sets for this transaction how values are written as text, and tells how they were before';

CREATE OR REPLACE FUNCTION audit_guard(of_table text, key text[], skipped text[], updates boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql
SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET IntervalStyle = 'postgres' SET extra_float_digits = 1
SET bytea_output = 'hex' AS $$
DECLARE
    of_form integer := coalesce((SELECT max(form) FROM audit_guarded WHERE table_name = of_table), 0) + 1;
    columns text[] := (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
                       WHERE a.attrelid = of_table::regclass AND a.attnum > 0 AND NOT a.attisdropped
                         AND a.attname::text <> ALL (skipped));
    event text;
BEGIN
    INSERT INTO audit_guarded VALUES (of_table, of_form, key, columns);
    EXECUTE format('CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql AS %L',
        'audit_ledger_' || of_table, audit_guard_body(of_table, of_form, key, columns));
    FOREACH event IN ARRAY CASE WHEN updates THEN '{INSERT,UPDATE,DELETE}'::text[] ELSE '{INSERT,DELETE}' END LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION %I()',
            'audit_ledger_' || lower(event), event, of_table,
            CASE event WHEN 'INSERT' THEN 'NEW TABLE AS fresh' WHEN 'DELETE' THEN 'OLD TABLE AS past'
                       ELSE 'OLD TABLE AS past NEW TABLE AS fresh' END,
            'audit_ledger_' || of_table);
    END LOOP;
    -- What is there already is taken as it stands now.
    EXECUTE format('INSERT INTO audit_ledger (table_name, form, keys, hashes)'
        ' SELECT %L, %s, array_agg(s.key ORDER BY s.key), array_agg(s.hash ORDER BY s.key)'
        ' FROM (SELECT r.*, (row_number() OVER (ORDER BY r.key) - 1) / 1000 AS page'
        '       FROM (SELECT %s AS key, %s AS hash FROM %I r) r) s GROUP BY s.page ORDER BY s.page',
        of_table, of_form, audit_guard_key(key), audit_guard_hash(columns), of_table);
END
$$;

DO $$
DECLARE
    guarded audit_guarded;
BEGIN
    FOR guarded IN SELECT DISTINCT ON (table_name) * FROM audit_guarded ORDER BY table_name, form DESC LOOP
        EXECUTE format('CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql AS %L',
            'audit_ledger_' || guarded.table_name,
            audit_guard_body(guarded.table_name, guarded.form, guarded.key, guarded.columns));
    END LOOP;
END
$$;
