-- What a transaction did to business data is written down row by row as a hash, in the ledger; the event of the transaction
-- commits to all of it at the end of `change`: `ledger <transaction>/<number> <hash>`. Reconciliation takes the hashes again
-- of the rows as they are stored. So nothing is kept twice, a batch gets one hash in the log, and whatever was altered is
-- still found row by row.

CREATE SEQUENCE audit_ledger_number;

CREATE TABLE audit_ledger (
    txid       xid8    NOT NULL DEFAULT pg_current_xact_id(),
    number     bigint  NOT NULL DEFAULT nextval('audit_ledger_number'),
    table_name text    NOT NULL,
    form       integer NOT NULL,
    keys       text[]  NOT NULL,
    hashes     bytea[] NOT NULL,
    PRIMARY KEY (txid, number),
    CHECK (cardinality(keys) = cardinality(hashes))
);
CREATE INDEX audit_ledger_table ON audit_ledger (table_name, number);
COMMENT ON TABLE  audit_ledger IS 'What each statement made of the rows of a guarded table, as hashes that the event of its transaction commits to';
COMMENT ON COLUMN audit_ledger.txid       IS 'The transaction';
COMMENT ON COLUMN audit_ledger.number     IS 'Order: of one row, the later hash has the higher number';
COMMENT ON COLUMN audit_ledger.table_name IS 'The table';
COMMENT ON COLUMN audit_ledger.form       IS 'Which columns the hashes are of, see audit_guarded';
COMMENT ON COLUMN audit_ledger.keys       IS 'The rows, in order';
COMMENT ON COLUMN audit_ledger.hashes     IS 'SHA-256 of each of them as it stood then; empty: it was removed';

CREATE TABLE audit_guarded (
    table_name text    NOT NULL,
    form       integer NOT NULL,
    key        text[]  NOT NULL,
    columns    text[]  NOT NULL,
    PRIMARY KEY (table_name, form)
);
COMMENT ON TABLE  audit_guarded IS 'Tables whose rows the ledger follows, and the columns that count';
COMMENT ON COLUMN audit_guarded.table_name IS 'The table';
COMMENT ON COLUMN audit_guarded.form       IS 'From 1; a table that gets further columns gets a further form';
COMMENT ON COLUMN audit_guarded.key        IS 'Columns of the key';
COMMENT ON COLUMN audit_guarded.columns    IS 'Columns that are hashed, in this order';

CREATE FUNCTION audit_guard_key(key text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'concat_ws(''/'', ' || string_agg('r.' || quote_ident(name), ', ' ORDER BY at) || ')'
    FROM unnest(key) WITH ORDINALITY AS k (name, at)
$$;
COMMENT ON FUNCTION audit_guard_key IS 'The expression that names a row r in the ledger';

CREATE FUNCTION audit_guard_hash(columns text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'sha256(convert_to(ROW(' || string_agg('r.' || quote_ident(name), ', ' ORDER BY at) || ')::text, ''UTF8''))'
    FROM unnest(columns) WITH ORDINALITY AS c (name, at)
$$;
COMMENT ON FUNCTION audit_guard_hash IS 'The expression of the hash of a row r';

-- A statement that leaves every hash as it was writes nothing. `yifang.ledger` tells the event, and the service, that there
-- is something to commit to.
CREATE FUNCTION audit_guard_body(of_table text, of_form integer, key text[], columns text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format($body$
BEGIN
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
    RETURN NULL;
END
$body$, of_table, of_form, audit_guard_key(key), audit_guard_hash(columns))
$$;
COMMENT ON FUNCTION audit_guard_body IS 'What the trigger of a guarded table does';

-- How values are written as text must not depend on a session.
CREATE FUNCTION audit_guard(of_table text, key text[], skipped text[], updates boolean DEFAULT true) RETURNS void
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
    EXECUTE format('CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql'
        ' SET TimeZone = ''UTC'' SET DateStyle = ''ISO, YMD'' SET IntervalStyle = ''postgres'''
        ' SET extra_float_digits = 1 SET bytea_output = ''hex'' AS %L',
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
COMMENT ON FUNCTION audit_guard IS 'Has the ledger follow a table, or further columns of it; a migration that adds columns to a guarded table calls it again';

CREATE FUNCTION audit_ledger_hash(of_txid xid8, upto bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT audit_hash(string_agg(concat_ws(' ', l.number, l.table_name, l.form,
        encode(sha256(convert_to(array_to_string(l.keys, E'\n'), 'UTF8')), 'hex'),
        (SELECT encode(sha256(string_agg(h.hash, ''::bytea ORDER BY h.at)), 'hex')
         FROM unnest(l.hashes) WITH ORDINALITY AS h (hash, at))), E'\n' ORDER BY l.number))
    FROM audit_ledger l WHERE l.txid = of_txid AND l.number <= upto
$$;
COMMENT ON FUNCTION audit_ledger_hash IS 'Hash of what a transaction wrote to the ledger, up to a number';

CREATE FUNCTION audit_event_ledger() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    upto bigint := (SELECT max(number) FROM audit_ledger WHERE txid = pg_current_xact_id());
BEGIN
    PERFORM set_config('yifang.ledger', '', true);
    IF upto IS NULL THEN
        RETURN NEW;
    END IF;
    NEW.change := concat_ws('; ', NEW.change,
        'ledger ' || pg_current_xact_id()::text || '/' || upto || ' ' || audit_ledger_hash(pg_current_xact_id(), upto));
    NEW.commitments := overlay(NEW.commitments PLACING
        sha256(substring(NEW.salts FROM 16 * 16 + 1 FOR 16) || convert_to(to_jsonb(NEW.change)::text, 'UTF8'))
        FROM 16 * 32 + 1);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION audit_event_ledger IS 'Adds to an event the hash of all rows that its transaction changed; runs after audit_event_content, by its name';

CREATE TRIGGER audit_event_ledger BEFORE INSERT ON audit_event
    FOR EACH ROW WHEN (current_setting('yifang.ledger', true) = 'open') EXECUTE FUNCTION audit_event_ledger();

-- What was in the tables before the ledger, and what an instance of the version before wrote while it was still running, is
-- taken as it stood when the first instance of this version starts; an event says so: `ledger before <number> <hash>`.
CREATE TABLE audit_ledger_begun (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    upto bigint  NOT NULL
);
COMMENT ON TABLE  audit_ledger_begun IS 'Whether the ledger has begun: the event about what was there before is written';
COMMENT ON COLUMN audit_ledger_begun.one  IS 'Only once';
COMMENT ON COLUMN audit_ledger_begun.upto IS 'The last number that was written before';

CREATE FUNCTION audit_ledger_before_hash(upto bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT audit_hash(coalesce(string_agg(audit_ledger_hash(t.txid, upto), E'\n' ORDER BY t.txid), ''))
    FROM (SELECT DISTINCT txid FROM audit_ledger WHERE number <= upto) t
$$;
COMMENT ON FUNCTION audit_ledger_before_hash IS 'Hash of the ledger up to a number';

-- What events committed to of the ledger.
CREATE VIEW audit_ledger_told AS
SELECT e.id, e.txid, told.ledger[1]::xid8 AS ledger_txid, told.ledger[2]::bigint AS upto, told.ledger[3] AS hash
FROM audit_event e
    CROSS JOIN LATERAL regexp_match(e.change, '(?:^|; )ledger (\d+)/(\d+) (\S+)$') AS told (ledger)
WHERE e.change LIKE '%ledger %' AND told.ledger IS NOT NULL;
COMMENT ON VIEW   audit_ledger_told IS 'What events committed to of the ledger';
COMMENT ON COLUMN audit_ledger_told.id          IS 'The event';
COMMENT ON COLUMN audit_ledger_told.txid        IS 'Its transaction';
COMMENT ON COLUMN audit_ledger_told.ledger_txid IS 'The transaction that it speaks of: its own';
COMMENT ON COLUMN audit_ledger_told.upto        IS 'The last number that it commits to';
COMMENT ON COLUMN audit_ledger_told.hash        IS 'The hash';

CREATE VIEW audit_ledger_before AS
SELECT e.id, told.ledger[1]::bigint AS upto, told.ledger[2] AS hash
FROM audit_event e
    CROSS JOIN LATERAL regexp_match(e.change, '^ledger before (\d+) (\S+)$') AS told (ledger)
WHERE e.change LIKE 'ledger before %' AND told.ledger IS NOT NULL;
COMMENT ON VIEW   audit_ledger_before IS 'The event that took what was there before the ledger as it stood';
COMMENT ON COLUMN audit_ledger_before.id   IS 'The event';
COMMENT ON COLUMN audit_ledger_before.upto IS 'The last number of the ledger that it commits to';
COMMENT ON COLUMN audit_ledger_before.hash IS 'The hash';

CREATE FUNCTION audit_ledger_altered() RETURNS TABLE (event_id uuid, tables text, rows_told bigint)
LANGUAGE sql STABLE AS $$
    WITH wrong AS MATERIALIZED (
        SELECT t.id, t.ledger_txid, t.upto FROM audit_ledger_told t
        WHERE t.ledger_txid <> t.txid OR t.hash IS DISTINCT FROM audit_ledger_hash(t.ledger_txid, t.upto))
    SELECT w.id, coalesce(string_agg(DISTINCT l.table_name, ', '), '-'), coalesce(sum(cardinality(l.keys)), 0)::bigint
    FROM wrong w LEFT JOIN audit_ledger l ON l.txid = w.ledger_txid AND l.number <= w.upto
    GROUP BY w.id
    UNION ALL
    SELECT b.id, 'all', 0 FROM audit_ledger_before b WHERE b.hash IS DISTINCT FROM audit_ledger_before_hash(b.upto)
$$;
COMMENT ON FUNCTION audit_ledger_altered IS 'Events whose part of the ledger is not what they committed to: there must be none';

-- Of months whose events were dropped at the end of retention nothing can be asked any more. An instance of the version
-- before may run on for a while beside the first of this one; it tells of less.
CREATE FUNCTION audit_ledger_untold() RETURNS TABLE (table_name text, key text, txid xid8)
LANGUAGE sql STABLE AS $$
    WITH told AS MATERIALIZED (
        SELECT t.ledger_txid, max(t.upto) AS upto FROM audit_ledger_told t WHERE t.ledger_txid = t.txid GROUP BY t.ledger_txid),
    begun AS MATERIALIZED (
        SELECT min(e.recorded) AS at, min(e.id::text) AS id FROM audit_event e WHERE e.change LIKE 'ledger before %'),
    start AS MATERIALIZED (
        SELECT coalesce((SELECT min(b.upto) FROM audit_ledger_before b), 0) AS number,
            CASE WHEN EXISTS (SELECT 1 FROM audit_event o, begun WHERE o.id::text < begun.id)
                THEN coalesce(
                    (SELECT min(e.txid::text::numeric) FROM audit_event e, begun WHERE e.recorded > begun.at + interval '1 day'),
                    pg_snapshot_xmax(pg_current_snapshot())::text::numeric)
                ELSE (SELECT min(e.txid::text::numeric) FROM audit_event e) END AS txid)
    SELECT l.table_name, k.key, l.txid
    FROM audit_ledger l CROSS JOIN start LEFT JOIN told t ON t.ledger_txid = l.txid
        CROSS JOIN LATERAL unnest(l.keys) AS k (key)
    WHERE l.number > start.number AND l.txid::text::numeric >= start.txid AND (t.upto IS NULL OR t.upto < l.number)
$$;
COMMENT ON FUNCTION audit_ledger_untold IS 'Rows that were changed without an event: there must be none';

CREATE FUNCTION audit_ledger_differs(of_table text) RETURNS TABLE (key text, what text)
LANGUAGE plpgsql STABLE
SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET IntervalStyle = 'postgres' SET extra_float_digits = 1
SET bytea_output = 'hex' AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'WITH told AS (SELECT DISTINCT ON (k.key) k.key, l.form, k.hash'
        '    FROM audit_ledger l CROSS JOIN LATERAL unnest(l.keys, l.hashes) AS k (key, hash)'
        '    WHERE l.table_name = %L ORDER BY k.key, l.number DESC),'
        ' held AS (%s)'
        ' SELECT t.key, CASE WHEN h.key IS NULL THEN ''gone'' ELSE ''altered'' END'
        ' FROM told t LEFT JOIN held h ON h.key = t.key AND h.form = t.form'
        ' WHERE coalesce(h.hash, '''') <> t.hash'
        ' UNION ALL'
        ' SELECT h.key, ''added'' FROM held h'
        ' WHERE h.form = (SELECT max(form) FROM audit_guarded WHERE table_name = %L)'
        '   AND NOT EXISTS (SELECT 1 FROM told t WHERE t.key = h.key)',
        of_table,
        (SELECT string_agg(format('SELECT %s AS key, %s AS form, %s AS hash FROM %I r',
            audit_guard_key(g.key), g.form, audit_guard_hash(g.columns), g.table_name), ' UNION ALL ')
         FROM audit_guarded g WHERE g.table_name = of_table),
        of_table);
END
$$;
COMMENT ON FUNCTION audit_ledger_differs IS 'Rows of a guarded table that are not as the ledger has them: there must be none';

-- An event may commit to both.
CREATE OR REPLACE VIEW audit_committed AS
SELECT e.id, e.recorded, e.txid, told.content[1] AS reference, told.content[2] AS version_hash, told.content[3] AS state_hash,
    row_number() OVER (PARTITION BY split_part(told.content[1], '/', 2)
        ORDER BY split_part(told.content[1], '/', 3)::bigint DESC, e.id DESC) = 1 AS newest
FROM audit_event e
    CROSS JOIN LATERAL regexp_match(e.change,
        '(?:^|; )content (Task/[0-9a-f-]{36}/\d+)(?: (\S+) (\S+))?(?:; ledger \d+/\d+ \S+)?$') AS told (content)
WHERE e.change LIKE '%content Task/%' AND told.content IS NOT NULL;

CREATE OR REPLACE VIEW audit_event_without_change AS
SELECT e.id, e.recorded, e.task_id, e.operation, e.change
FROM audit_event e
WHERE e.change IS NOT NULL AND e.change NOT LIKE 'content %' AND e.change NOT LIKE 'ledger %'
  AND e.operation <> 'legal-hold' AND e.task_id IS NOT NULL AND e.outcome = 0
  AND NOT EXISTS (SELECT 1 FROM prescription_history h
                  WHERE h.prescription_id = e.task_id AND h.txid = e.txid);

-- A sale at the price in force makes it observed again, which is no price event.
CREATE OR REPLACE VIEW audit_offer_altered AS
SELECT o.id, o.pharmacy, o.drug_code
FROM offer o LEFT JOIN price_event e ON e.id = o.event_id
WHERE o.event_id IS NOT NULL
  AND (e.pharmacy_id, e.drug_code, e.price_fen, e.price_type, e.patient_pays_fen, e.patient_basis)
      IS DISTINCT FROM
      (o.pharmacy_id, o.drug_code, o.price_fen, o.price_type, o.patient_pays_fen, o.patient_basis);
