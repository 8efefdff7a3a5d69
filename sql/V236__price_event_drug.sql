-- How the prices of a drug went is asked of every pharmacy that told one. The other indexes begin with the pharmacy, so that
-- question read every price ever told.
CREATE INDEX price_event_drug ON price_event (drug_code, observed_at, id);
