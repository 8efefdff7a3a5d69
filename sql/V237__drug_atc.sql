-- A drug is found by its ATC code, too.
CREATE INDEX drug_atc ON drug (atc) WHERE atc IS NOT NULL;
