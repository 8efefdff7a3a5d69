-- An event shows two names of its organization: the number, which its leaf commits to, and the id, which follows from the
-- number. Whoever changes the id hides the event from a search for the organization.

CREATE OR REPLACE VIEW audit_event_hidden AS
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
WHERE f.reference <> ALL (string_to_array(e.entities, ' '))
UNION ALL
-- The registry says which id has which number; a number that nobody has there any more cannot be said anything of.
SELECT e.id, e.recorded, 'Organization/' || coalesce(e.organization_id, o.id)
FROM audit_event e LEFT JOIN organization o ON o.number = e.organization
WHERE (o.id IS NOT NULL AND o.id IS DISTINCT FROM e.organization_id)
   OR (e.organization IS NULL AND e.organization_id IS NOT NULL);
