-- Since when the drugs of a claim lie ready is a fact of the prescription: who may read its Task reads it there. It was
-- looked up in the outbox before, which forgets.

ALTER TABLE prescription ADD COLUMN claim_prepared timestamptz;

COMMENT ON COLUMN prescription.claim_prepared IS 'Since when the drugs of the latest claim lie ready, null while they do not';

UPDATE prescription
   SET claim_prepared = (SELECT max(outbox.at) FROM outbox
                          WHERE outbox.topic = 'dispense-ready' AND outbox.focus_id = prescription.id
                            AND outbox.at >= prescription.claimed_at AND prescription.last_claimant = ANY (outbox.pharmacies))
 WHERE state = 'claimed' AND EXISTS (SELECT 1 FROM outbox WHERE outbox.topic = 'dispense-ready' AND outbox.focus_id = prescription.id);

DROP INDEX outbox_ready;
