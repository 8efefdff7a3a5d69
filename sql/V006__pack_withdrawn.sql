-- What came back of a pack and must not be sold again is remembered with the pack: a later take-back
-- of the same dispense may free only what never left the counter.
ALTER TABLE dispense_trace_code
    ADD COLUMN withdrawn numeric(14,4) NOT NULL DEFAULT 0 CHECK (withdrawn >= 0);

-- Which pack it was that came back was not written down so far: none of them is freed any more.
UPDATE dispense_trace_code AS share
   SET withdrawn = share.quantity - share.freed
 WHERE EXISTS (SELECT 1
                 FROM take_back
                WHERE take_back.dispense_id = share.dispense_id
                  AND take_back.disposition <> 'never-left-counter');

ALTER TABLE dispense_trace_code
    DROP CONSTRAINT dispense_trace_code_freed,
    ADD CONSTRAINT dispense_trace_code_freed CHECK (freed + withdrawn <= quantity);

COMMENT ON COLUMN dispense_trace_code.withdrawn IS 'Of these taken back otherwise: quarantined or destroyed, never sold again';
