-- A line, a dispense or another part of a document may have more codes and identifiers than the one with a column of its own: a
-- hospital's code of the drug, a second number. They are found by hashes of what a search may ask; rows of before have none.
ALTER TABLE prescription_line ADD COLUMN further_tokens text;
ALTER TABLE dispense ADD COLUMN further_tokens text;
ALTER TABLE clinical_resource ADD COLUMN further_tokens text;
COMMENT ON COLUMN prescription_line.further_tokens IS 'Hashes of further codes, categories and identifiers, with spaces between; null: none';
COMMENT ON COLUMN dispense.further_tokens IS 'Hashes of further codes and identifiers, with spaces between; null: none';
COMMENT ON COLUMN clinical_resource.further_tokens IS 'Hashes of further identifiers, with spaces between; null: none';
CREATE INDEX prescription_line_further ON prescription_line USING gin (string_to_array(further_tokens, ' ')) WHERE further_tokens IS NOT NULL;
CREATE INDEX dispense_further ON dispense USING gin (string_to_array(further_tokens, ' ')) WHERE further_tokens IS NOT NULL;
CREATE INDEX clinical_resource_further ON clinical_resource USING gin (string_to_array(further_tokens, ' ')) WHERE further_tokens IS NOT NULL;
