-- Units that tickets are linked to: registrations, visits, prescriptions or settlements, told by somebody else than who tells the tickets.

CREATE TABLE queue_expected (
    organization text        NOT NULL,
    stage        text        NOT NULL CHECK (stage IN ('registration', 'triage', 'consultation', 'payment', 'review', 'dispensing', 'hand-over')),
    day          date        NOT NULL,
    unit         text        NOT NULL,
    source       text        NOT NULL CHECK (source IN ('registrations', 'encounters', 'prescriptions', 'settlements')),
    region       text        NOT NULL,
    sender       text        NOT NULL,
    history_id   uuid        NOT NULL REFERENCES queue_history,
    received_at  timestamptz NOT NULL,
    PRIMARY KEY (day, organization, stage, source, unit)
);
COMMENT ON TABLE  queue_expected IS 'Units expected at a stage on a day: tickets are linked to them one to one';
COMMENT ON COLUMN queue_expected.organization IS 'Number of the organization';
COMMENT ON COLUMN queue_expected.stage IS 'CodeSystem queue-stage';
COMMENT ON COLUMN queue_expected.day IS 'The day in Asia/Shanghai';
COMMENT ON COLUMN queue_expected.unit IS 'Number of the visit, registration or prescription, as tickets name it';
COMMENT ON COLUMN queue_expected.source IS 'What kind of unit';
COMMENT ON COLUMN queue_expected.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_expected.sender IS 'The client that told of it; tickets of the same client are not linked to it';
COMMENT ON COLUMN queue_expected.history_id IS 'The file';
COMMENT ON COLUMN queue_expected.received_at IS 'When it was received';

ALTER TABLE queue_history DROP CONSTRAINT queue_history_kind_check;
ALTER TABLE queue_history ADD CONSTRAINT queue_history_kind_check CHECK (kind IN ('tickets', 'aggregates', 'expected'));

CREATE VIEW queue_place AS SELECT number, name FROM organization;
COMMENT ON VIEW queue_place IS 'What an organization is called, for the sentence of a report';
COMMENT ON COLUMN queue_place.number IS 'nhsa-org';
COMMENT ON COLUMN queue_place.name IS 'Its name';
