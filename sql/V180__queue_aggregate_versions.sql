-- A wrong monthly figure can be told anew; what was told before is kept, and a report as of then shows it.

CREATE TABLE queue_aggregate_before (
    organization    text        NOT NULL,
    queue           text        NOT NULL,
    department      text        NOT NULL,
    month           date        NOT NULL,
    region          text        NOT NULL,
    tickets         bigint,
    median_seconds  integer,
    p90_seconds     integer,
    registrations   bigint,
    prescriptions   bigint,
    history_id      uuid        NOT NULL REFERENCES queue_history,
    received_at     timestamptz NOT NULL,
    superseded_at   timestamptz NOT NULL,
    PRIMARY KEY (organization, queue, department, month, superseded_at)
);
COMMENT ON TABLE  queue_aggregate_before IS 'Monthly figures that a later file corrected, as they stood before';
COMMENT ON COLUMN queue_aggregate_before.organization IS 'Number of the organization';
COMMENT ON COLUMN queue_aggregate_before.queue IS 'Queue, empty for the whole organization';
COMMENT ON COLUMN queue_aggregate_before.department IS 'Department, empty for all';
COMMENT ON COLUMN queue_aggregate_before.month IS 'First day of the month';
COMMENT ON COLUMN queue_aggregate_before.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_aggregate_before.tickets IS 'Tickets of the month';
COMMENT ON COLUMN queue_aggregate_before.median_seconds IS 'Median wait';
COMMENT ON COLUMN queue_aggregate_before.p90_seconds IS 'Ninetieth percentile';
COMMENT ON COLUMN queue_aggregate_before.registrations IS 'Registrations of the month';
COMMENT ON COLUMN queue_aggregate_before.prescriptions IS 'Prescriptions of the month';
COMMENT ON COLUMN queue_aggregate_before.history_id IS 'The file that told it';
COMMENT ON COLUMN queue_aggregate_before.received_at IS 'When that file was received';
COMMENT ON COLUMN queue_aggregate_before.superseded_at IS 'When the file that corrects it was received';

SELECT audit_guard('queue_aggregate_before', '{organization,queue,department,month,superseded_at}', '{}');

-- The same figures again change nothing, so that a file sent twice is no correction.
CREATE FUNCTION queue_aggregate_keep() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.tickets, OLD.median_seconds, OLD.p90_seconds, OLD.registrations, OLD.prescriptions)
        IS NOT DISTINCT FROM (NEW.tickets, NEW.median_seconds, NEW.p90_seconds, NEW.registrations, NEW.prescriptions) THEN
        RETURN NULL;
    END IF;
    INSERT INTO queue_aggregate_before
    VALUES (OLD.organization, OLD.queue, OLD.department, OLD.month, OLD.region, OLD.tickets, OLD.median_seconds, OLD.p90_seconds,
            OLD.registrations, OLD.prescriptions, OLD.history_id, OLD.received_at, NEW.received_at);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION queue_aggregate_keep IS 'Keeps the figures of a month that are corrected';

CREATE TRIGGER queue_aggregate_keep BEFORE UPDATE ON queue_aggregate FOR EACH ROW EXECUTE FUNCTION queue_aggregate_keep();

CREATE VIEW queue_aggregate_told AS
SELECT a.*, EXISTS (SELECT FROM queue_aggregate_before b
                     WHERE b.organization = a.organization AND b.queue = a.queue AND b.department = a.department
                       AND b.month = a.month AND b.superseded_at <= a.received_at) AS corrected
  FROM (SELECT organization, queue, department, month, tickets, median_seconds, p90_seconds, registrations, prescriptions, received_at,
               'infinity'::timestamptz AS superseded_at
          FROM queue_aggregate
        UNION ALL
        SELECT organization, queue, department, month, tickets, median_seconds, p90_seconds, registrations, prescriptions, received_at,
               superseded_at
          FROM queue_aggregate_before) a;
COMMENT ON VIEW queue_aggregate_told IS 'Monthly figures of every version, and until when each stood';
COMMENT ON COLUMN queue_aggregate_told.organization IS 'Number of the organization';
COMMENT ON COLUMN queue_aggregate_told.queue IS 'Queue, empty for the whole organization';
COMMENT ON COLUMN queue_aggregate_told.department IS 'Department, empty for all';
COMMENT ON COLUMN queue_aggregate_told.month IS 'First day of the month';
COMMENT ON COLUMN queue_aggregate_told.tickets IS 'Tickets of the month';
COMMENT ON COLUMN queue_aggregate_told.median_seconds IS 'Median wait';
COMMENT ON COLUMN queue_aggregate_told.p90_seconds IS 'Ninetieth percentile';
COMMENT ON COLUMN queue_aggregate_told.registrations IS 'Registrations of the month';
COMMENT ON COLUMN queue_aggregate_told.prescriptions IS 'Prescriptions of the month';
COMMENT ON COLUMN queue_aggregate_told.received_at IS 'When it was received';
COMMENT ON COLUMN queue_aggregate_told.superseded_at IS 'When it was corrected, infinity for what stands';
COMMENT ON COLUMN queue_aggregate_told.corrected IS 'Whether it corrects what was told before';
