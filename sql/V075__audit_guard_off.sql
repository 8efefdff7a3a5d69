-- Whoever switches the ledger of a table off, or makes it do something else, is found by that.

CREATE FUNCTION audit_guard_off() RETURNS TABLE (table_name text, what text)
LANGUAGE sql STABLE AS $$
    WITH newest AS (SELECT DISTINCT ON (g.table_name) g.* FROM audit_guarded g ORDER BY g.table_name, g.form DESC)
    SELECT g.table_name, 'audit_ledger_' || lower(e.event)
    FROM newest g CROSS JOIN (VALUES ('INSERT', 4), ('UPDATE', 16), ('DELETE', 8)) AS e (event, bit)
    WHERE NOT EXISTS (
        SELECT 1 FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
        WHERE t.tgrelid = to_regclass(g.table_name) AND t.tgname = 'audit_ledger_' || lower(e.event)
          AND f.proname = 'audit_ledger_' || g.table_name AND t.tgenabled = 'O'
          AND t.tgtype = e.bit AND t.tgqual IS NULL)
    UNION ALL
    SELECT g.table_name, 'audit_ledger_' || g.table_name
    FROM newest g
    WHERE NOT EXISTS (
        SELECT 1 FROM pg_proc f
        WHERE f.proname = 'audit_ledger_' || g.table_name
          AND f.prosrc = audit_guard_body(g.table_name, g.form, g.key, g.columns))
$$;
COMMENT ON FUNCTION audit_guard_off IS 'Guarded tables whose ledger is off or does something else: there must be none';
