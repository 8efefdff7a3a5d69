-- What an auditor asks of the log: is it complete, and the questions that are asked every month.

ALTER TABLE prescription_history ADD COLUMN txid xid8 DEFAULT pg_current_xact_id();
COMMENT ON COLUMN prescription_history.txid IS 'The transaction that made the version; its audit event carries the same';

CREATE VIEW audit_expected_change AS
SELECT 'Task/' || prescription_id AS reference, prescription_id AS task_id, version, txid, updated_at
FROM prescription_history
WHERE txid IS NOT NULL;
COMMENT ON VIEW   audit_expected_change IS 'Every change of state in the business tables; each must have an audit event of the same transaction';
COMMENT ON COLUMN audit_expected_change.reference  IS 'What changed, Type/id';
COMMENT ON COLUMN audit_expected_change.task_id    IS 'The Task';
COMMENT ON COLUMN audit_expected_change.version    IS 'Its version after the change';
COMMENT ON COLUMN audit_expected_change.txid       IS 'The transaction of the change';
COMMENT ON COLUMN audit_expected_change.updated_at IS 'When it changed';

CREATE VIEW audit_change_without_event AS
SELECT c.reference, c.version, c.updated_at
FROM audit_expected_change c
WHERE NOT EXISTS (
    SELECT 1 FROM audit_event e
    WHERE e.txid = c.txid
      AND (e.task_id = c.task_id
           OR EXISTS (SELECT 1 FROM audit_further_entity f
                      WHERE f.reference = c.reference AND f.event_id = e.id)));
COMMENT ON VIEW   audit_change_without_event IS 'Changes of state that the log knows nothing of: there must be none';
COMMENT ON COLUMN audit_change_without_event.reference  IS 'What changed, Type/id';
COMMENT ON COLUMN audit_change_without_event.version    IS 'Its version after the change';
COMMENT ON COLUMN audit_change_without_event.updated_at IS 'When it changed';

CREATE VIEW audit_event_without_change AS
SELECT e.id, e.recorded, e.task_id, e.operation, e.change
FROM audit_event e
WHERE e.change IS NOT NULL AND e.task_id IS NOT NULL AND e.outcome = 0
  AND NOT EXISTS (SELECT 1 FROM prescription_history h
                  WHERE h.prescription_id = e.task_id AND h.txid = e.txid);
COMMENT ON VIEW   audit_event_without_change IS 'Events that tell of a change of state which the business tables do not have: there must be none';
COMMENT ON COLUMN audit_event_without_change.id        IS 'The event';
COMMENT ON COLUMN audit_event_without_change.recorded  IS 'When it was recorded';
COMMENT ON COLUMN audit_event_without_change.task_id   IS 'The Task';
COMMENT ON COLUMN audit_event_without_change.operation IS 'The operation';
COMMENT ON COLUMN audit_event_without_change.change    IS 'The change that it tells of';

CREATE VIEW audit_event_without_leaf AS
SELECT e.id, e.recorded, e.operation
FROM audit_event e CROSS JOIN audit_log l
WHERE (e.txid, e.id) <= (l.last_txid, l.last_id)
  AND NOT EXISTS (SELECT 1 FROM audit_leaf f WHERE f.event_id = e.id);
COMMENT ON VIEW   audit_event_without_leaf IS 'Events that the sequencer passed without giving them a leaf: there must be none';
COMMENT ON COLUMN audit_event_without_leaf.id        IS 'The event';
COMMENT ON COLUMN audit_event_without_leaf.recorded  IS 'When it was recorded';
COMMENT ON COLUMN audit_event_without_leaf.operation IS 'The operation';

CREATE VIEW audit_leaf_without_event AS
SELECT l.index, l.event_id, l.recorded
FROM audit_leaf l
WHERE NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.id = l.event_id AND e.recorded = l.recorded);
COMMENT ON VIEW   audit_leaf_without_event IS 'Leaves whose event is gone: none within retention';
COMMENT ON COLUMN audit_leaf_without_event.index    IS 'Place in the log';
COMMENT ON COLUMN audit_leaf_without_event.event_id IS 'The event that is gone';
COMMENT ON COLUMN audit_leaf_without_event.recorded IS 'When it was recorded';

CREATE VIEW audit_question_unmasking AS
SELECT id, recorded, client, person_id, organization, patient_id, purpose
FROM audit_event
WHERE operation = 'unmask';
COMMENT ON VIEW   audit_question_unmasking IS 'Every look behind the mask: who saw which person unmasked, and what for';
COMMENT ON COLUMN audit_question_unmasking.id           IS 'The event';
COMMENT ON COLUMN audit_question_unmasking.recorded     IS 'When';
COMMENT ON COLUMN audit_question_unmasking.client       IS 'Client';
COMMENT ON COLUMN audit_question_unmasking.person_id    IS 'Who';
COMMENT ON COLUMN audit_question_unmasking.organization IS 'Organization';
COMMENT ON COLUMN audit_question_unmasking.patient_id   IS 'Whom';
COMMENT ON COLUMN audit_question_unmasking.purpose      IS 'Purpose of use as stated';

CREATE VIEW audit_question_refusals AS
SELECT (recorded AT TIME ZONE 'Asia/Shanghai')::date AS day, client, address, problem, sum(times)::bigint AS times
FROM audit_event
WHERE outcome <> 0
GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW   audit_question_refusals IS 'Refusals by day (Asia/Shanghai), client, address and problem; the client is null when nobody was authenticated';
COMMENT ON COLUMN audit_question_refusals.day     IS 'Day, Asia/Shanghai';
COMMENT ON COLUMN audit_question_refusals.client  IS 'Client, null when not authenticated';
COMMENT ON COLUMN audit_question_refusals.address IS 'Network address';
COMMENT ON COLUMN audit_question_refusals.problem IS 'Problem code';
COMMENT ON COLUMN audit_question_refusals.times   IS 'How often';

CREATE VIEW audit_question_outside_treatment AS
SELECT id, recorded, client, role, person_id, organization, patient_id, operation, purpose
FROM audit_event
WHERE outcome = 0 AND patient_id IS NOT NULL AND role IN ('hospital', 'reviewer', 'pharmacy')
  AND (purpose IS NULL OR purpose NOT IN ('TREAT', 'ETREAT', 'PATRQT', 'HPAYMT'));
COMMENT ON VIEW   audit_question_outside_treatment IS 'Patient data touched by those who treat, for a purpose that is not treatment, emergency, the patient''s request or payment, or that was not stated';
COMMENT ON COLUMN audit_question_outside_treatment.id           IS 'The event';
COMMENT ON COLUMN audit_question_outside_treatment.recorded     IS 'When';
COMMENT ON COLUMN audit_question_outside_treatment.client       IS 'Client';
COMMENT ON COLUMN audit_question_outside_treatment.role         IS 'Role of the client';
COMMENT ON COLUMN audit_question_outside_treatment.person_id    IS 'Who';
COMMENT ON COLUMN audit_question_outside_treatment.organization IS 'Organization';
COMMENT ON COLUMN audit_question_outside_treatment.patient_id   IS 'Whom';
COMMENT ON COLUMN audit_question_outside_treatment.operation    IS 'What was done';
COMMENT ON COLUMN audit_question_outside_treatment.purpose      IS 'Purpose of use as stated';

CREATE VIEW audit_question_many_patients AS
WITH counted AS (
    SELECT (recorded AT TIME ZONE 'Asia/Shanghai')::date AS day, role, client, person_id,
           count(DISTINCT patient_id) AS patients
    FROM audit_event
    WHERE patient_id IS NOT NULL AND person_id IS NOT NULL AND outcome = 0
    GROUP BY 1, 2, 3, 4),
usual AS (
    SELECT day, role, percentile_cont(0.5) WITHIN GROUP (ORDER BY patients) AS median
    FROM counted GROUP BY 1, 2)
SELECT c.day, c.role, c.client, c.person_id, c.patients, u.median
FROM counted c JOIN usual u USING (day, role)
WHERE c.patients >= 20 AND c.patients > 3 * u.median;
COMMENT ON VIEW   audit_question_many_patients IS 'Persons who touched the data of at least 20 patients in a day, and of more than three times the median of their role that day';
COMMENT ON COLUMN audit_question_many_patients.day       IS 'Day, Asia/Shanghai';
COMMENT ON COLUMN audit_question_many_patients.role      IS 'Role of the client';
COMMENT ON COLUMN audit_question_many_patients.client    IS 'Client';
COMMENT ON COLUMN audit_question_many_patients.person_id IS 'Who';
COMMENT ON COLUMN audit_question_many_patients.patients  IS 'Patients (the first of each event)';
COMMENT ON COLUMN audit_question_many_patients.median    IS 'Median of the role on that day';

CREATE VIEW audit_question_released_again AS
SELECT task_id, count(*) AS releases, count(DISTINCT organization) AS organizations,
       min(recorded) AS first_at, max(recorded) AS last_at
FROM audit_event
WHERE operation = 'release' AND outcome = 0 AND task_id IS NOT NULL
GROUP BY task_id HAVING count(*) >= 3;
COMMENT ON VIEW   audit_question_released_again IS 'Prescriptions claimed and released three times or more';
COMMENT ON COLUMN audit_question_released_again.task_id       IS 'The Task';
COMMENT ON COLUMN audit_question_released_again.releases      IS 'How often it was released';
COMMENT ON COLUMN audit_question_released_again.organizations IS 'By how many organizations';
COMMENT ON COLUMN audit_question_released_again.first_at      IS 'First release';
COMMENT ON COLUMN audit_question_released_again.last_at       IS 'Last release';

CREATE VIEW audit_question_trace_code_twice AS
SELECT id, recorded, client, person_id, organization, task_id
FROM audit_event
WHERE problem = 'RX-2010';
COMMENT ON VIEW   audit_question_trace_code_twice IS 'Attempts to sell a pack whose trace code was sold already';
COMMENT ON COLUMN audit_question_trace_code_twice.id           IS 'The event';
COMMENT ON COLUMN audit_question_trace_code_twice.recorded     IS 'When';
COMMENT ON COLUMN audit_question_trace_code_twice.client       IS 'Client';
COMMENT ON COLUMN audit_question_trace_code_twice.person_id    IS 'Who';
COMMENT ON COLUMN audit_question_trace_code_twice.organization IS 'Pharmacy';
COMMENT ON COLUMN audit_question_trace_code_twice.task_id      IS 'The Task';

CREATE VIEW audit_question_odd_hours AS
SELECT id, recorded, client, person_id, organization, patient_id, task_id
FROM audit_event
WHERE operation = 'submit-prescription' AND outcome = 0
  AND extract(hour FROM recorded AT TIME ZONE 'Asia/Shanghai') NOT BETWEEN 6 AND 21;
COMMENT ON VIEW   audit_question_odd_hours IS 'Prescriptions submitted between 22:00 and 06:00, Asia/Shanghai';
COMMENT ON COLUMN audit_question_odd_hours.id           IS 'The event';
COMMENT ON COLUMN audit_question_odd_hours.recorded     IS 'When';
COMMENT ON COLUMN audit_question_odd_hours.client       IS 'Client';
COMMENT ON COLUMN audit_question_odd_hours.person_id    IS 'Who';
COMMENT ON COLUMN audit_question_odd_hours.organization IS 'Hospital';
COMMENT ON COLUMN audit_question_odd_hours.patient_id   IS 'Whom';
COMMENT ON COLUMN audit_question_odd_hours.task_id      IS 'The Task';
