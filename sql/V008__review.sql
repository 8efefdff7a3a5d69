-- The pharmacist's review: what is most urgent stands first, every review is kept with its items,
-- the hospital hears once that one is overdue, and a reason keeps the system it was told in.

ALTER TABLE prescription
    ADD COLUMN urgency       integer NOT NULL GENERATED ALWAYS AS (
        CASE priority WHEN 'stat' THEN 0 WHEN 'asap' THEN 1 WHEN 'urgent' THEN 2 ELSE 3 END) STORED,
    ADD COLUMN reviews       bytea,
    ADD COLUMN reviewed_by   text[],
    ADD COLUMN review_told   timestamptz,
    ADD COLUMN reason_system text;
COMMENT ON COLUMN prescription.urgency IS 'The priority as a number: 0 stat, 1 asap, 2 urgent, 3 routine';
COMMENT ON COLUMN prescription.reviews IS 'Every review on the platform, oldest first, as Task.output shows it: who, when, what, why, the items';
COMMENT ON COLUMN prescription.reviewed_by IS 'The clients of those reviews, who may go on reading what they reviewed';
COMMENT ON COLUMN prescription.review_told IS 'When the hospital was told that the review is overdue';
COMMENT ON COLUMN prescription.reason_system IS 'CodeSystem of reason_code; null in old rows: that of the state';

ALTER TABLE prescription_history ADD COLUMN reviews bytea;
COMMENT ON COLUMN prescription_history.reviews IS 'The reviews up to this version';

ALTER TABLE take_back ADD COLUMN reason_system text;
COMMENT ON COLUMN take_back.reason_system IS 'CodeSystem of reason_code; null in old rows: take-back-reason';

UPDATE prescription SET review_told = updated_at
 WHERE state = 'awaiting-review' AND reason_code = 'review-overdue';

DROP INDEX prescription_review;
CREATE INDEX prescription_review ON prescription (urgency, review_due, id) WHERE state = 'awaiting-review';
DROP INDEX prescription_overdue;
CREATE INDEX prescription_overdue ON prescription (review_due)
    WHERE state = 'awaiting-review' AND review_told IS NULL;
