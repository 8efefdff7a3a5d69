-- A Task without a MAC was written before Tasks had one, or somebody took it away. It is served only where an event that the log
-- holds committed to just this version, and that event's own commitment is of what it says; or where its transaction is older than
-- every commitment to content. A current Task has to be that of its version, too.

CREATE FUNCTION audit_task_intact(of_task uuid, of_version bigint, stored bytea) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT h.task = stored AND coalesce((
        SELECT told.content[2] = audit_task_version(of_task, of_version)
            AND substring(e.commitments FROM 16 * 32 + 1 FOR 32)
                = sha256(substring(e.salts FROM 16 * 16 + 1 FOR 16) || convert_to(to_jsonb(e.change)::text, 'UTF8'))
        FROM audit_event e
            CROSS JOIN LATERAL regexp_match(e.change,
                '(?:^|; )content (Task/[0-9a-f-]{36}/\d+)(?: (\S+) (\S+))?(?:; ledger \d+/\d+ \S+)?$') AS told (content)
        WHERE e.task_id = of_task AND told.content[1] = 'Task/' || of_task || '/' || of_version
        ORDER BY e.id DESC LIMIT 1),
        NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.txid <= coalesce(h.txid, '3'::xid8) AND e.change LIKE '%content Task/%')
        AND NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.task_id = of_task AND e.change LIKE '%content Task/%'
                        AND e.recorded <= h.updated_at))
    FROM prescription_history h WHERE h.prescription_id = of_task AND h.version = of_version
$$;
COMMENT ON FUNCTION audit_task_intact IS 'Whether a Task that nothing vouches for is what an event committed to, or older than such events';
