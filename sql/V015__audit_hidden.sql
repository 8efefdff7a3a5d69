-- What reconciliation did not see: the columns by which events are found are copies of committed values, and an event
-- of a transaction that never comes is never sequenced.

CREATE VIEW audit_event_hidden AS
SELECT e.id, e.recorded, r.reference
FROM audit_event e CROSS JOIN LATERAL string_to_table(e.entities, ' ') AS r (reference)
WHERE r.reference <> ''
  AND r.reference IS DISTINCT FROM 'Patient/' || e.patient_id
  AND r.reference IS DISTINCT FROM 'Task/' || e.task_id
  AND NOT EXISTS (SELECT 1 FROM audit_further_entity f
                  WHERE f.reference = r.reference AND f.recorded = e.recorded AND f.event_id = e.id)
UNION ALL
SELECT e.id, e.recorded, wrong.reference
FROM audit_event e CROSS JOIN LATERAL (
    VALUES ('Patient/' || e.patient_id), ('Task/' || e.task_id)) AS wrong (reference)
WHERE wrong.reference IS NOT NULL
  AND wrong.reference <> ALL (string_to_array(e.entities, ' '))
UNION ALL
SELECT e.id, e.recorded, f.reference
FROM audit_further_entity f JOIN audit_event e ON e.id = f.event_id AND e.recorded = f.recorded
WHERE f.reference <> ALL (string_to_array(e.entities, ' '));
COMMENT ON VIEW   audit_event_hidden IS 'Events that a search by a resource does not find although they concern it, or finds although they do not: there must be none';
COMMENT ON COLUMN audit_event_hidden.id        IS 'The event';
COMMENT ON COLUMN audit_event_hidden.recorded  IS 'When it was recorded';
COMMENT ON COLUMN audit_event_hidden.reference IS 'The resource, Type/id';

CREATE OR REPLACE VIEW audit_event_without_leaf AS
SELECT e.id, e.recorded, e.operation
FROM audit_event e CROSS JOIN audit_log l
WHERE ((e.txid, e.id) <= (l.last_txid, l.last_id) OR e.txid >= pg_snapshot_xmax(pg_current_snapshot()))
  AND NOT EXISTS (SELECT 1 FROM audit_leaf f WHERE f.event_id = e.id);
COMMENT ON VIEW   audit_event_without_leaf IS 'Events that the sequencer passed without giving them a leaf, or will never reach: there must be none';
