-- What R4's search parameters `date` ask: the time that a document's parts name, from their first instant to their last one
-- (both included), since the parts themselves are sealed.

ALTER TABLE clinical_resource ADD COLUMN dated_from timestamptz, ADD COLUMN dated_to timestamptz;
COMMENT ON COLUMN clinical_resource.dated_from IS 'First instant of the date or period that it names, null when it names none';
COMMENT ON COLUMN clinical_resource.dated_to IS 'Last instant of it, null while the period is open';

-- What the documents name with the precision of a second, or of a day, covers all of it. Rows of before have the first instant
-- only and count as naming a second; their priority is that of the prescription.
ALTER TABLE prescription_line ADD COLUMN authored_to timestamptz, ADD COLUMN priority text;
COMMENT ON COLUMN prescription_line.authored_to IS 'Last instant of authoredOn, null before this was kept';
COMMENT ON COLUMN prescription_line.priority IS 'The priority that the line itself names';

ALTER TABLE prescription ADD COLUMN made_from timestamptz, ADD COLUMN made_to timestamptz;
COMMENT ON COLUMN prescription.made_from IS 'First instant of Bundle.timestamp, null when it names none, and before this was kept';
COMMENT ON COLUMN prescription.made_to IS 'Last instant of it';

ALTER TABLE dispense ADD COLUMN handed_over_to timestamptz;
COMMENT ON COLUMN dispense.handed_over_to IS 'Last instant of whenHandedOver, null before this was kept';

CREATE TABLE prescription_line_event (
    line_id    uuid        NOT NULL REFERENCES prescription_line ON DELETE CASCADE,
    number     integer     NOT NULL,
    dated_from timestamptz NOT NULL,
    dated_to   timestamptz NOT NULL,
    PRIMARY KEY (line_id, number)
);
COMMENT ON TABLE  prescription_line_event IS 'When a line is to be taken, where it names dates: dosageInstruction.timing.event';
COMMENT ON COLUMN prescription_line_event.line_id    IS 'The line';
COMMENT ON COLUMN prescription_line_event.number     IS 'Order in the line, from 1';
COMMENT ON COLUMN prescription_line_event.dated_from IS 'First instant of the date';
COMMENT ON COLUMN prescription_line_event.dated_to   IS 'Last instant of it';

ALTER TABLE queue_visit ADD COLUMN ended_at timestamptz;
COMMENT ON COLUMN queue_visit.ended_at IS 'Last instant of its period, null while it is open';
SELECT audit_guard('queue_visit', '{id}', '{}');

-- By whom: `MedicationRequest?requester=`.
CREATE INDEX prescription_prescriber ON prescription (prescriber, hospital_id);
