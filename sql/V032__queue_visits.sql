-- Visits that tell of waits, and how well each source reports.

ALTER TABLE queue_ticket ADD COLUMN source text NOT NULL DEFAULT 'unknown';
COMMENT ON COLUMN queue_ticket.source IS 'The client that told of it first, or platform';
CREATE INDEX queue_ticket_newest ON queue_ticket (organization_id, id);

CREATE TABLE queue_source_day (
    organization_id uuid   NOT NULL,
    source          text   NOT NULL,
    day             date   NOT NULL,
    region          text   NOT NULL,
    uploads         bigint NOT NULL,
    events          bigint NOT NULL,
    late            bigint NOT NULL,
    repeated        bigint NOT NULL,
    refused         bigint NOT NULL,
    quarantined     bigint NOT NULL,
    PRIMARY KEY (organization_id, source, day)
);
COMMENT ON TABLE  queue_source_day IS 'What each source sent on a day and what became of it';
COMMENT ON COLUMN queue_source_day.organization_id IS 'Whose source';
COMMENT ON COLUMN queue_source_day.source IS 'The client';
COMMENT ON COLUMN queue_source_day.day IS 'The day of receipt in Asia/Shanghai';
COMMENT ON COLUMN queue_source_day.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_source_day.uploads IS 'Calls that brought events';
COMMENT ON COLUMN queue_source_day.events IS 'Events taken in';
COMMENT ON COLUMN queue_source_day.late IS 'Of those, received more than an hour after they happened';
COMMENT ON COLUMN queue_source_day.repeated IS 'Events sent again';
COMMENT ON COLUMN queue_source_day.refused IS 'Events that could not be';
COMMENT ON COLUMN queue_source_day.quarantined IS 'Events that claimed to lie ahead';

CREATE TABLE queue_visit (
    id                uuid        PRIMARY KEY,
    region            text        NOT NULL,
    organization_id   uuid        NOT NULL,
    identifier_system text        NOT NULL,
    identifier        text        NOT NULL,
    status            text        NOT NULL,
    started_at        timestamptz,
    content           bytea       NOT NULL,
    version           bigint      NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT queue_visit_identifier UNIQUE (organization_id, identifier_system, identifier)
);
COMMENT ON TABLE  queue_visit IS 'Visits sent by themselves to tell of waits: Encounters without the person';
COMMENT ON COLUMN queue_visit.id IS 'Id of the Encounter';
COMMENT ON COLUMN queue_visit.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_visit.organization_id IS 'The hospital';
COMMENT ON COLUMN queue_visit.identifier_system IS 'System of its identifier, empty when none was told';
COMMENT ON COLUMN queue_visit.identifier IS 'Its number at the hospital';
COMMENT ON COLUMN queue_visit.status IS 'Encounter.status';
COMMENT ON COLUMN queue_visit.started_at IS 'Encounter.period.start';
COMMENT ON COLUMN queue_visit.content IS 'The Encounter as it is sent; who the patient is, is not kept';
COMMENT ON COLUMN queue_visit.version IS 'meta.versionId';
COMMENT ON COLUMN queue_visit.created_at IS 'When it was first received';
COMMENT ON COLUMN queue_visit.updated_at IS 'When it last changed';
