-- Evaluations that are asked for now and fetched later: how far each has come, whichever instance reckons it.

CREATE TABLE queue_evaluation_run (
    parameters text        NOT NULL,
    as_of      timestamptz NOT NULL,
    region     text        NOT NULL,
    progress   text        NOT NULL,
    failed     boolean     NOT NULL,
    beat_at    timestamptz NOT NULL,
    PRIMARY KEY (parameters, as_of)
);
COMMENT ON TABLE  queue_evaluation_run IS 'Evaluations under way, a row from being asked for until the report is kept';
COMMENT ON COLUMN queue_evaluation_run.parameters IS 'Periods and filters in canonical order';
COMMENT ON COLUMN queue_evaluation_run.as_of IS 'What was received up to here counts';
COMMENT ON COLUMN queue_evaluation_run.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN queue_evaluation_run.progress IS 'How far it has come, for people';
COMMENT ON COLUMN queue_evaluation_run.failed IS 'Whether it was given up; asking again begins anew';
COMMENT ON COLUMN queue_evaluation_run.beat_at IS 'When the instance that reckons it was last heard of: who falls silent is replaced';
