-- Who may look behind the mask just now, and what may not be erased.

CREATE TABLE unmasking (
    client     text        NOT NULL,
    person     text        NOT NULL,
    patient_id uuid        NOT NULL REFERENCES patient,
    until      timestamptz NOT NULL,
    PRIMARY KEY (client, person, patient_id)
);
CREATE INDEX unmasking_until ON unmasking (until);
COMMENT ON TABLE  unmasking IS 'Patients whom an auditor sees unmasked for some minutes; the audit log keeps who did and why';
COMMENT ON COLUMN unmasking.client     IS 'The client';
COMMENT ON COLUMN unmasking.person     IS 'Number of the person behind the call, empty when none was named';
COMMENT ON COLUMN unmasking.patient_id IS 'Whom';
COMMENT ON COLUMN unmasking.until      IS 'Until when, by the database''s clock';

CREATE TABLE legal_hold (
    task_id    uuid        PRIMARY KEY REFERENCES prescription,
    since      timestamptz NOT NULL
);
COMMENT ON TABLE  legal_hold IS 'Prescriptions of which nothing is erased; the audit log keeps who held them and why';
COMMENT ON COLUMN legal_hold.task_id IS 'The prescription';
COMMENT ON COLUMN legal_hold.since   IS 'Since when';

ALTER TABLE patient ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN patient.erased_at IS 'When the person was erased: the key is destroyed, and nothing of the person opens any more';
