-- Which master keys instances have had, so that work which needs the newest one is left to an instance that has it.

CREATE TABLE master_key (
    purpose     text        NOT NULL CHECK (purpose IN ('seal', 'index')),
    number      integer     NOT NULL CHECK (number BETWEEN 1 AND 65535),
    fingerprint bytea       NOT NULL CHECK (length(fingerprint) = 32),
    seen_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (purpose, number)
);
COMMENT ON TABLE  master_key IS 'Keys outside the database that some instance was started with; never a key itself';
COMMENT ON COLUMN master_key.purpose     IS 'seal or index, as the key is named';
COMMENT ON COLUMN master_key.number      IS 'As in seal.<number> and index.<number>';
COMMENT ON COLUMN master_key.fingerprint IS 'Keyed hash by which a wrong key of this number is told at the start';
COMMENT ON COLUMN master_key.seen_at     IS 'When an instance first had it';
