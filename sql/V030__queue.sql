-- Queues: what happened to whom at which counter, as it was told, and what it comes to.

CREATE TABLE queue (
    id              uuid        PRIMARY KEY,
    region          text        NOT NULL,
    organization_id uuid        NOT NULL,
    organization    text        NOT NULL,
    code            text        NOT NULL,
    stage           text        CHECK (stage IN ('registration', 'triage', 'consultation', 'payment', 'review', 'dispensing', 'hand-over')),
    department      text,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT queue_code UNIQUE (organization, code)
);
COMMENT ON TABLE  queue IS 'The registered queues: a queue is known from its first event on';
COMMENT ON COLUMN queue.id IS 'Of the queue';
COMMENT ON COLUMN queue.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue.organization_id IS 'Whose queue it is';
COMMENT ON COLUMN queue.organization IS 'Its number, nhsa-org';
COMMENT ON COLUMN queue.code IS 'What its organization calls it';
COMMENT ON COLUMN queue.stage IS 'CodeSystem queue-stage; null while only files of the past named it';
COMMENT ON COLUMN queue.department IS 'The department it serves, as last told';
COMMENT ON COLUMN queue.version IS 'Raised at each change';
COMMENT ON COLUMN queue.created_at IS 'When it was first heard of';
COMMENT ON COLUMN queue.updated_at IS 'When it last changed';

CREATE TABLE queue_event (
    region          text        NOT NULL,
    organization_id uuid        NOT NULL,
    queue_id        uuid        NOT NULL,
    day             date        NOT NULL,
    ticket          text        NOT NULL,
    seq             bigint      NOT NULL,
    code            text        NOT NULL CHECK (code IN ('joined', 'called', 'recalled', 'service-start', 'service-end', 'left', 'no-show', 'transferred', 'voided')),
    at_source       timestamptz NOT NULL,
    at_server       timestamptz NOT NULL,
    at              timestamptz NOT NULL,
    source          text        NOT NULL,
    content         bytea       NOT NULL,
    PRIMARY KEY (organization_id, queue_id, day, ticket, seq)
) PARTITION BY RANGE (day);

-- A day outside every month that was made ahead is kept all the same.
CREATE TABLE queue_event_default PARTITION OF queue_event DEFAULT;

COMMENT ON TABLE  queue_event IS 'What happened to a ticket, as told: append only, partitioned by month of the day';
COMMENT ON COLUMN queue_event.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_event.organization_id IS 'Whose queue';
COMMENT ON COLUMN queue_event.queue_id IS 'Which queue';
COMMENT ON COLUMN queue_event.day IS 'The day in Asia/Shanghai that the ticket belongs to';
COMMENT ON COLUMN queue_event.ticket IS 'The ticket''s number on that day';
COMMENT ON COLUMN queue_event.seq IS 'The sender''s number of the event within its ticket';
COMMENT ON COLUMN queue_event.code IS 'CodeSystem queue-event';
COMMENT ON COLUMN queue_event.at_source IS 'When it happened by the sender''s clock';
COMMENT ON COLUMN queue_event.at_server IS 'When it was received';
COMMENT ON COLUMN queue_event.at IS 'When it happened by our clock: the sender''s time and its measured offset';
COMMENT ON COLUMN queue_event.source IS 'The client that sent it, or platform';
COMMENT ON COLUMN queue_event.content IS 'SHA-256 of what was sent, so that the same again is known from something else under its number';

CREATE TABLE queue_ticket (
    id               uuid        PRIMARY KEY,
    region           text        NOT NULL,
    organization_id  uuid        NOT NULL,
    organization     text        NOT NULL,
    queue_id         uuid        NOT NULL REFERENCES queue,
    day              date        NOT NULL,
    ticket           text        NOT NULL,
    stage            text        CHECK (stage IN ('registration', 'triage', 'consultation', 'payment', 'review', 'dispensing', 'hand-over')),
    department       text,
    state            text        NOT NULL CHECK (state IN ('waiting', 'called', 'in-service', 'served', 'left', 'no-show', 'transferred', 'unknown', 'voided')),
    task_status      text        NOT NULL,
    joined           timestamptz,
    called           timestamptz,
    service_start    timestamptz,
    service_end      timestamptz,
    left_at          timestamptz,
    last_known       timestamptz,
    wait_seconds     integer     CHECK (wait_seconds >= 0),
    fate             text        CHECK (fate IN ('served', 'left', 'transferred', 'unknown')),
    exclusion        text        CHECK (exclusion IN ('voided', 'start-missing')),
    visit            text,
    prescription_id  uuid,
    patient_id       uuid,
    history_id       uuid,
    predicted_low    integer,
    predicted_likely integer,
    predicted_high   integer,
    task             bytea       NOT NULL,
    version          bigint      NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT queue_ticket_number UNIQUE (queue_id, day, ticket),
    CONSTRAINT queue_ticket_wait CHECK ((wait_seconds IS NULL) = (fate IS NULL))
);
CREATE INDEX queue_ticket_day          ON queue_ticket (day, organization);
CREATE INDEX queue_ticket_open         ON queue_ticket (queue_id, day) WHERE state IN ('waiting', 'called', 'in-service');
CREATE INDEX queue_ticket_organization ON queue_ticket (organization_id, updated_at, id);
CREATE INDEX queue_ticket_patient      ON queue_ticket (patient_id, updated_at, id) WHERE patient_id IS NOT NULL;
CREATE INDEX queue_ticket_prescription ON queue_ticket (prescription_id) WHERE prescription_id IS NOT NULL;
CREATE INDEX queue_ticket_visit        ON queue_ticket (organization, visit) WHERE visit IS NOT NULL;
COMMENT ON TABLE  queue_ticket IS 'One person''s turn in one queue: what its events come to, a FHIR Task';
COMMENT ON COLUMN queue_ticket.id IS 'Id of the Task';
COMMENT ON COLUMN queue_ticket.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_ticket.organization_id IS 'Whose queue';
COMMENT ON COLUMN queue_ticket.organization IS 'Its number, nhsa-org';
COMMENT ON COLUMN queue_ticket.queue_id IS 'Which queue';
COMMENT ON COLUMN queue_ticket.day IS 'The day in Asia/Shanghai that the ticket belongs to';
COMMENT ON COLUMN queue_ticket.ticket IS 'Its number on that day';
COMMENT ON COLUMN queue_ticket.stage IS 'CodeSystem queue-stage, null for a ticket of the past whose file did not say';
COMMENT ON COLUMN queue_ticket.department IS 'The department as told with the ticket';
COMMENT ON COLUMN queue_ticket.state IS 'CodeSystem queue-ticket-status (Task.businessStatus)';
COMMENT ON COLUMN queue_ticket.task_status IS 'Task.status';
COMMENT ON COLUMN queue_ticket.joined IS 'When the wait began';
COMMENT ON COLUMN queue_ticket.called IS 'First call';
COMMENT ON COLUMN queue_ticket.service_start IS 'When the wait ended in service';
COMMENT ON COLUMN queue_ticket.service_end IS 'When service was over';
COMMENT ON COLUMN queue_ticket.left_at IS 'When the wait ended without service';
COMMENT ON COLUMN queue_ticket.last_known IS 'The last moment at which it was known to be in line';
COMMENT ON COLUMN queue_ticket.wait_seconds IS 'The wait, up to its end or to the last moment known; null when it says nothing';
COMMENT ON COLUMN queue_ticket.fate IS 'How the wait ended; all but served are censored';
COMMENT ON COLUMN queue_ticket.exclusion IS 'Why it says nothing about waiting';
COMMENT ON COLUMN queue_ticket.visit IS 'The visit that it belongs to, as its organization numbers visits';
COMMENT ON COLUMN queue_ticket.prescription_id IS 'Task of the prescription waited for';
COMMENT ON COLUMN queue_ticket.patient_id IS 'Patient, where a prescription told';
COMMENT ON COLUMN queue_ticket.history_id IS 'The file of the time before the platform that it came from';
COMMENT ON COLUMN queue_ticket.predicted_low IS 'Lower end of the wait predicted at joining, seconds';
COMMENT ON COLUMN queue_ticket.predicted_likely IS 'The wait predicted at joining, seconds';
COMMENT ON COLUMN queue_ticket.predicted_high IS 'Upper end of the wait predicted at joining, seconds';
COMMENT ON COLUMN queue_ticket.task IS 'The Task as it is sent';
COMMENT ON COLUMN queue_ticket.version IS 'Task.meta.versionId';
COMMENT ON COLUMN queue_ticket.created_at IS 'When it was first heard of';
COMMENT ON COLUMN queue_ticket.updated_at IS 'When it last changed: with a time at or before an evaluation''s, the row is what was known then';

CREATE TABLE queue_quarantine (
    id              uuid        PRIMARY KEY,
    region          text        NOT NULL,
    organization_id uuid        NOT NULL,
    source          text        NOT NULL,
    queue           text        NOT NULL,
    ticket          text        NOT NULL,
    seq             bigint      NOT NULL,
    code            text        NOT NULL,
    at_source       timestamptz NOT NULL,
    at              timestamptz NOT NULL,
    at_server       timestamptz NOT NULL
);
CREATE INDEX queue_quarantine_source ON queue_quarantine (organization_id, at_server);
COMMENT ON TABLE  queue_quarantine IS 'Events whose corrected time lies ahead of ours: kept, and not believed';
COMMENT ON COLUMN queue_quarantine.id IS 'UUIDv7';
COMMENT ON COLUMN queue_quarantine.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_quarantine.organization_id IS 'Whose event';
COMMENT ON COLUMN queue_quarantine.source IS 'The client that sent it';
COMMENT ON COLUMN queue_quarantine.queue IS 'Queue as sent';
COMMENT ON COLUMN queue_quarantine.ticket IS 'Ticket as sent';
COMMENT ON COLUMN queue_quarantine.seq IS 'Number as sent';
COMMENT ON COLUMN queue_quarantine.code IS 'Event as sent';
COMMENT ON COLUMN queue_quarantine.at_source IS 'Time as sent';
COMMENT ON COLUMN queue_quarantine.at IS 'Time corrected by the sender''s offset';
COMMENT ON COLUMN queue_quarantine.at_server IS 'When it was received';

CREATE TABLE queue_clock (
    organization_id uuid        NOT NULL,
    source          text        NOT NULL,
    measured_at     timestamptz NOT NULL,
    region          text        NOT NULL,
    offset_ms       bigint      NOT NULL,
    jumped          boolean     NOT NULL,
    PRIMARY KEY (organization_id, source, measured_at)
);
COMMENT ON TABLE  queue_clock IS 'The measured offset of each sender''s clock, a row when it changes by a second or more';
COMMENT ON COLUMN queue_clock.organization_id IS 'Whose client';
COMMENT ON COLUMN queue_clock.source IS 'The client';
COMMENT ON COLUMN queue_clock.measured_at IS 'When an upload told its time';
COMMENT ON COLUMN queue_clock.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_clock.offset_ms IS 'Our time less theirs, milliseconds';
COMMENT ON COLUMN queue_clock.jumped IS 'Whether it moved by more than thirty seconds since the last measurement';

CREATE TABLE queue_history (
    id              uuid        PRIMARY KEY,
    region          text        NOT NULL,
    organization_id uuid        NOT NULL,
    source          text        NOT NULL,
    kind            text        NOT NULL CHECK (kind IN ('tickets', 'aggregates')),
    file_hash       bytea       NOT NULL CHECK (length(file_hash) = 32),
    accepted        integer     NOT NULL,
    received_at     timestamptz NOT NULL
);
CREATE INDEX queue_history_hash ON queue_history (file_hash);
COMMENT ON TABLE  queue_history IS 'Files of the time before the platform, each sealed by its hash before any evaluation used it';
COMMENT ON COLUMN queue_history.id IS 'UUIDv7';
COMMENT ON COLUMN queue_history.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_history.organization_id IS 'Who sent it';
COMMENT ON COLUMN queue_history.source IS 'The client that sent it';
COMMENT ON COLUMN queue_history.kind IS 'Single tickets, or monthly figures';
COMMENT ON COLUMN queue_history.file_hash IS 'SHA-256 of the bytes as received';
COMMENT ON COLUMN queue_history.accepted IS 'Rows taken in';
COMMENT ON COLUMN queue_history.received_at IS 'When it was received';

CREATE TABLE queue_aggregate (
    organization    text        NOT NULL,
    queue           text        NOT NULL,
    department      text        NOT NULL,
    month           date        NOT NULL CHECK (extract(day FROM month) = 1),
    region          text        NOT NULL,
    tickets         bigint      CHECK (tickets >= 0),
    median_seconds  integer     CHECK (median_seconds >= 0),
    p90_seconds     integer     CHECK (p90_seconds >= 0),
    registrations   bigint      CHECK (registrations >= 0),
    prescriptions   bigint      CHECK (prescriptions >= 0),
    history_id      uuid        NOT NULL REFERENCES queue_history,
    received_at     timestamptz NOT NULL,
    PRIMARY KEY (organization, queue, department, month)
);
COMMENT ON TABLE  queue_aggregate IS 'Monthly figures of the time before the platform: shown, counted as expectations, and never the ground of a claim';
COMMENT ON COLUMN queue_aggregate.organization IS 'Number of the organization';
COMMENT ON COLUMN queue_aggregate.queue IS 'Queue, empty for the whole organization';
COMMENT ON COLUMN queue_aggregate.department IS 'Department, empty for all';
COMMENT ON COLUMN queue_aggregate.month IS 'First day of the month';
COMMENT ON COLUMN queue_aggregate.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_aggregate.tickets IS 'Tickets of the month';
COMMENT ON COLUMN queue_aggregate.median_seconds IS 'Median wait';
COMMENT ON COLUMN queue_aggregate.p90_seconds IS 'Ninetieth percentile';
COMMENT ON COLUMN queue_aggregate.registrations IS 'Registrations of the month, which tickets are expected of';
COMMENT ON COLUMN queue_aggregate.prescriptions IS 'Prescriptions of the month, which tickets are expected of';
COMMENT ON COLUMN queue_aggregate.history_id IS 'The file';
COMMENT ON COLUMN queue_aggregate.received_at IS 'When it was received';

CREATE TABLE queue_evaluation (
    id              uuid        PRIMARY KEY,
    region          text        NOT NULL,
    parameters      text        NOT NULL,
    as_of           timestamptz NOT NULL,
    method_version  text        NOT NULL,
    seed            bigint      NOT NULL,
    report          bytea       NOT NULL,
    created_at      timestamptz NOT NULL,
    CONSTRAINT queue_evaluation_key UNIQUE (parameters, as_of, method_version)
);
COMMENT ON TABLE  queue_evaluation IS 'Reports once given: the same question as of the same moment is answered with the same bytes';
COMMENT ON COLUMN queue_evaluation.id IS 'Id of the MeasureReport';
COMMENT ON COLUMN queue_evaluation.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_evaluation.parameters IS 'Periods and filters in canonical order';
COMMENT ON COLUMN queue_evaluation.as_of IS 'What was received up to here counts';
COMMENT ON COLUMN queue_evaluation.method_version IS 'The method fixed beforehand';
COMMENT ON COLUMN queue_evaluation.seed IS 'Of the bootstrap';
COMMENT ON COLUMN queue_evaluation.report IS 'The MeasureReport as it is sent';
COMMENT ON COLUMN queue_evaluation.created_at IS 'When it was worked out';

-- Makes the partitions of a month ahead; a month that already has rows in the default stays there.
CREATE FUNCTION queue_event_make_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    next  date := (date_trunc('month', month) + interval '1 month')::date;
    name  text := 'queue_event_p' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass(name) IS NULL
        AND NOT EXISTS (SELECT 1 FROM queue_event_default WHERE day >= first AND day < next) THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF queue_event FOR VALUES FROM (%L) TO (%L)', name, first, next);
    END IF;
END
$$;
