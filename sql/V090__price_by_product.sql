-- Prices are compared by product, so that a shift from brand to generic is no fall of prices; a sale
-- keeps who made what was sold. Lines that stand out are held out of the reports until a person
-- releases their price.

ALTER TABLE sale ADD COLUMN maker text;
COMMENT ON COLUMN sale.maker IS 'Who made the product, as the catalogue said when it was recorded; null for sales recorded before this column was';

CREATE TABLE sale_release (
    id               uuid             PRIMARY KEY,
    region           text             NOT NULL,
    sale_id          uuid             NOT NULL REFERENCES sale,
    substitution_set text             NOT NULL,
    maker            text             NOT NULL,
    unit_fen         double precision NOT NULL CHECK (unit_fen >= 0),
    released         boolean          NOT NULL,
    decided_by       text             NOT NULL,
    reason           text             NOT NULL,
    decided_at       timestamptz      NOT NULL
);
CREATE INDEX sale_release_product ON sale_release (substitution_set, maker);
CREATE TRIGGER sale_release_append_only BEFORE UPDATE OR DELETE ON sale_release
    FOR EACH STATEMENT EXECUTE FUNCTION price_append_only();
COMMENT ON TABLE  sale_release IS 'Unit prices that stood out in sales and were judged by a person, as documented procurement prices; append-only, the newest of a sale is in force';
COMMENT ON COLUMN sale_release.id               IS 'UUIDv7, in the order of the decisions';
COMMENT ON COLUMN sale_release.region           IS 'GB/T 2260 division of the pharmacy';
COMMENT ON COLUMN sale_release.sale_id          IS 'The sale that was looked at';
COMMENT ON COLUMN sale_release.substitution_set IS 'Generic name, form and strength of its product';
COMMENT ON COLUMN sale_release.maker            IS 'Maker of its product';
COMMENT ON COLUMN sale_release.unit_fen         IS 'Price of one preparation unit in fen; every sale of the product within a tenth of it is meant';
COMMENT ON COLUMN sale_release.released         IS 'true: such sales count as they are; false: they stay held out';
COMMENT ON COLUMN sale_release.decided_by       IS 'Client and person who decided';
COMMENT ON COLUMN sale_release.reason           IS 'Why';
COMMENT ON COLUMN sale_release.decided_at       IS 'When; a report as of an earlier moment does not know it';
