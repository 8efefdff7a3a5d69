-- The nightly check, one a night over all instances, and the check of a row before it is served.

CREATE TABLE audit_check (
    night      date        PRIMARY KEY,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,
    compared   bigint      NOT NULL DEFAULT 0,
    findings   integer     NOT NULL DEFAULT 0
);
COMMENT ON TABLE  audit_check IS 'Nightly reconciliations of the audit log with everything that it vouches for';
COMMENT ON COLUMN audit_check.night      IS 'The night, by Asia/Shanghai';
COMMENT ON COLUMN audit_check.started_at IS 'When it began';
COMMENT ON COLUMN audit_check.ended_at   IS 'When it ended; null: it runs, or its instance died';
COMMENT ON COLUMN audit_check.compared   IS 'How many events were compared';
COMMENT ON COLUMN audit_check.findings   IS 'How much did not fit; each is told in the log of the service';

-- One row against the ledger, and the ledger against the event of its transaction, whose commitment has to be that of what it
-- says. Events of dropped months and what was there before the ledger are not asked after.
CREATE FUNCTION audit_row_intact(of_table text, of_key text) RETURNS boolean
LANGUAGE plpgsql STABLE
SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET IntervalStyle = 'postgres' SET extra_float_digits = 1
SET bytea_output = 'hex' AS $$
DECLARE
    of_form   integer;
    of_txid   xid8;
    of_number bigint;
    told      bytea;
    held      bytea;
BEGIN
    SELECT l.form, l.txid, l.number, l.hashes[array_position(l.keys, of_key)] INTO of_form, of_txid, of_number, told
    FROM audit_ledger l WHERE l.table_name = of_table AND of_key = ANY (l.keys) ORDER BY l.number DESC LIMIT 1;
    IF told IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE (SELECT format('SELECT %s FROM %I r WHERE %s = $1', audit_guard_hash(g.columns), g.table_name,
                           audit_guard_key(g.key))
             FROM audit_guarded g WHERE g.table_name = of_table AND g.form = of_form) INTO held USING of_key;
    IF held IS DISTINCT FROM told THEN
        RETURN false;
    END IF;
    IF of_number <= coalesce((SELECT upto FROM audit_ledger_begun), 0) THEN
        RETURN true;
    END IF;
    RETURN coalesce((
        SELECT m.said[2]::bigint >= of_number AND m.said[3] = audit_ledger_hash(of_txid, m.said[2]::bigint)
            AND substring(e.commitments FROM 16 * 32 + 1 FOR 32)
                = sha256(substring(e.salts FROM 16 * 16 + 1 FOR 16) || convert_to(to_jsonb(e.change)::text, 'UTF8'))
        FROM audit_event e
            CROSS JOIN LATERAL regexp_match(e.change, '(?:^|; )ledger (\d+)/(\d+) (\S+)$') AS m (said)
        WHERE e.txid = of_txid AND m.said[1]::xid8 = of_txid
        ORDER BY m.said[2]::bigint DESC LIMIT 1),
        NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.txid <= of_txid));
END
$$;
COMMENT ON FUNCTION audit_row_intact IS 'Whether a row of a guarded table is what an event committed to';
