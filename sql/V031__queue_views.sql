-- What the evaluation of queues reads of the registry.

CREATE VIEW queue_hours AS
    SELECT organization_id, min(hours) AS hours FROM location GROUP BY organization_id;
COMMENT ON VIEW queue_hours IS 'Opening hours of an organization''s first place: a queue without hours cannot be compared';
COMMENT ON COLUMN queue_hours.organization_id IS 'Whose place';
COMMENT ON COLUMN queue_hours.hours IS 'Weekly hours in Asia/Shanghai';
