-- What a comparison showed is one row: twenty rows in a table of their own, each with two indexes
-- to keep, cost the server as much as the whole comparison, and nothing ever asks for one of them
-- without its prescription.

ALTER TABLE price_shown
    ADD COLUMN pharmacy_ids uuid[]    NOT NULL DEFAULT '{}',
    ADD COLUMN drug_codes   text[]    NOT NULL DEFAULT '{}',
    ADD COLUMN price_fens   bigint[]  NOT NULL DEFAULT '{}',
    ADD COLUMN pack_units   integer[] NOT NULL DEFAULT '{}';

UPDATE price_shown
SET pharmacy_ids = line.pharmacy_ids,
    drug_codes   = line.drug_codes,
    price_fens   = line.price_fens,
    pack_units   = line.pack_units
FROM (SELECT shown_id,
             array_agg(pharmacy_id ORDER BY pharmacy_id, drug_code) AS pharmacy_ids,
             array_agg(drug_code   ORDER BY pharmacy_id, drug_code) AS drug_codes,
             array_agg(price_fen   ORDER BY pharmacy_id, drug_code) AS price_fens,
             array_agg(pack_units  ORDER BY pharmacy_id, drug_code) AS pack_units
      FROM price_shown_line
      GROUP BY shown_id) AS line
WHERE line.shown_id = price_shown.id;

DROP TABLE price_shown_line;

ALTER TABLE price_shown
    ALTER COLUMN pharmacy_ids DROP DEFAULT,
    ALTER COLUMN drug_codes   DROP DEFAULT,
    ALTER COLUMN price_fens   DROP DEFAULT,
    ALTER COLUMN pack_units   DROP DEFAULT,
    ADD CONSTRAINT price_shown_lines CHECK (
        cardinality(drug_codes) = cardinality(pharmacy_ids)
        AND cardinality(price_fens) = cardinality(pharmacy_ids)
        AND cardinality(pack_units) = cardinality(pharmacy_ids));

COMMENT ON COLUMN price_shown.pharmacy_ids IS 'Where each pack shown is sold; the four arrays run side by side';
COMMENT ON COLUMN price_shown.drug_codes   IS 'Which pack';
COMMENT ON COLUMN price_shown.price_fens   IS 'Price of one pack in fen, as it was shown';
COMMENT ON COLUMN price_shown.pack_units   IS 'Preparation units in the pack';
