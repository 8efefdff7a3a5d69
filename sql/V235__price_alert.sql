-- A patient asks to be told once when a drug of a prescription costs no more than so much for one unit.
CREATE TABLE price_alert (
    id             uuid          PRIMARY KEY,
    region         text          NOT NULL,
    task_id        uuid          NOT NULL,
    line_id        uuid          NOT NULL,
    patient_id     uuid          NOT NULL,
    drug_code      text          NOT NULL,
    substitution_set text        NOT NULL,
    product_only   boolean       NOT NULL,
    pharmacies     uuid[],
    threshold_fen  numeric(14,4) NOT NULL CHECK (threshold_fen > 0),
    created_at     timestamptz   NOT NULL,
    reached_at     timestamptz,
    reached_fen    numeric(14,4) CHECK (reached_fen > 0),
    reached_pharmacy uuid,
    CONSTRAINT price_alert_once UNIQUE (task_id, line_id),
    CONSTRAINT price_alert_reached CHECK ((reached_at IS NULL) = (reached_fen IS NULL) AND (reached_at IS NULL) = (reached_pharmacy IS NULL))
);
CREATE INDEX price_alert_waiting ON price_alert (id) WHERE reached_at IS NULL;

COMMENT ON TABLE  price_alert IS 'What price a patient waits for; gone with the alert or when nothing is left to collect';
COMMENT ON COLUMN price_alert.id               IS 'UUIDv7';
COMMENT ON COLUMN price_alert.region           IS 'GB/T 2260 division of the service';
COMMENT ON COLUMN price_alert.task_id          IS 'The prescription';
COMMENT ON COLUMN price_alert.line_id          IS 'Line of the prescription: its MedicationRequest';
COMMENT ON COLUMN price_alert.patient_id       IS 'Who is told';
COMMENT ON COLUMN price_alert.drug_code        IS 'What was prescribed, nhsa-drug';
COMMENT ON COLUMN price_alert.substitution_set IS 'Its substitution set: whose prices are looked at';
COMMENT ON COLUMN price_alert.product_only     IS 'Whether no other product may be handed out';
COMMENT ON COLUMN price_alert.pharmacies       IS 'Which may hand it out; null for all';
COMMENT ON COLUMN price_alert.threshold_fen    IS 'Fen for one preparation unit: told at this price or below';
COMMENT ON COLUMN price_alert.created_at       IS 'When the patient asked';
COMMENT ON COLUMN price_alert.reached_at       IS 'When it was first seen so cheap, and the patient was told';
COMMENT ON COLUMN price_alert.reached_fen      IS 'Fen for one preparation unit then';
COMMENT ON COLUMN price_alert.reached_pharmacy IS 'Where';
