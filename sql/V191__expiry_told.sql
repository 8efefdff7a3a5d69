-- A day before an open prescription or fill is over its patient is told, once.

ALTER TABLE prescription ADD COLUMN expiry_told timestamptz;
COMMENT ON COLUMN prescription.expiry_told IS 'The end of validity of which the patient has been told, null when of none';
CREATE INDEX prescription_expiring ON prescription (next_due)
    WHERE state IN ('awaiting-claim', 'rest-awaiting-claim') AND expiry_told IS DISTINCT FROM next_due;
