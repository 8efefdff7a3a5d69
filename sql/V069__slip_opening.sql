-- Wrong tries at a slip: the QR is a bearer token, four characters of a number stand before it.
CREATE TABLE slip_opening (
    prescription_id uuid        PRIMARY KEY REFERENCES prescription ON DELETE CASCADE,
    hour            timestamptz NOT NULL,
    tries_in_hour   integer     NOT NULL,
    tries           integer     NOT NULL
);
COMMENT ON TABLE  slip_opening IS 'How often somebody with a slip named four wrong characters';
COMMENT ON COLUMN slip_opening.prescription_id IS 'The prescription of the slip';
COMMENT ON COLUMN slip_opening.hour IS 'The hour that tries_in_hour counts';
COMMENT ON COLUMN slip_opening.tries_in_hour IS 'Wrong tries within that hour';
COMMENT ON COLUMN slip_opening.tries IS 'Wrong tries since the slip was made';
