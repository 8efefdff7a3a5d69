-- What happened, to be told: written in the transaction of the change, numbered afterwards.

CREATE TABLE outbox (
    seq             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number          bigint      UNIQUE,
    topic           text        NOT NULL,
    at              timestamptz NOT NULL,
    focus_type      text        NOT NULL,
    focus_id        uuid        NOT NULL,
    state           text,
    state_before    text,
    hospital_id     uuid,
    hospital        text,
    patient_id      uuid,
    pharmacies      uuid[]      NOT NULL,
    reviewers_told  boolean     NOT NULL
);
CREATE INDEX outbox_fresh ON outbox (seq) WHERE number IS NULL;
CREATE INDEX outbox_at ON outbox (at);

COMMENT ON TABLE  outbox IS 'One row for each event of a topic; ids and codes only, nothing personal';
COMMENT ON COLUMN outbox.seq IS 'Order of writing: for one prescription that of its changes, for the locked row lets them in one by one';
COMMENT ON COLUMN outbox.number IS 'Number of the event, without gaps; null until the change is known to be committed';
COMMENT ON COLUMN outbox.topic IS 'Last part of the canonical url of its SubscriptionTopic';
COMMENT ON COLUMN outbox.at IS 'When it happened';
COMMENT ON COLUMN outbox.focus_type IS 'Resource type of what it is about';
COMMENT ON COLUMN outbox.focus_id IS 'Its id';
COMMENT ON COLUMN outbox.state IS 'State after it, where it has one';
COMMENT ON COLUMN outbox.state_before IS 'State before it, where it had one';
COMMENT ON COLUMN outbox.hospital_id IS 'The hospital that may know of it';
COMMENT ON COLUMN outbox.hospital IS 'Its number, by which reviewers are registered';
COMMENT ON COLUMN outbox.patient_id IS 'The patient who may know of it';
COMMENT ON COLUMN outbox.pharmacies IS 'The pharmacies that may know of it';
COMMENT ON COLUMN outbox.reviewers_told IS 'Whether the reviewers of the hospital may know of it';

CREATE TABLE outbox_last (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    number bigint  NOT NULL
);
COMMENT ON TABLE  outbox_last IS 'The last number given, which outlives the rows';
COMMENT ON COLUMN outbox_last.one IS 'There is one row';
COMMENT ON COLUMN outbox_last.number IS 'The last number given';
INSERT INTO outbox_last (number) VALUES (0);

-- One at a time over all instances: the lock comes first, and what is read after it holds every
-- change that was committed before.
CREATE FUNCTION outbox_number(most integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    before bigint;
    after  bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM outbox WHERE number IS NULL) THEN
        RETURN (SELECT number FROM outbox_last);
    END IF;
    SELECT number INTO before FROM outbox_last FOR UPDATE;
    WITH fresh AS (
        SELECT seq, row_number() OVER (ORDER BY seq) AS place
        FROM (SELECT seq FROM outbox WHERE number IS NULL ORDER BY seq LIMIT most) first_ones
    ), numbered AS (
        UPDATE outbox SET number = before + fresh.place
        FROM fresh WHERE outbox.seq = fresh.seq RETURNING outbox.seq
    )
    SELECT before + count(*) INTO after FROM numbered;
    UPDATE outbox_last SET number = after;
    PERFORM pg_notify('outbox', after::text);
    RETURN after;
END
$$;
COMMENT ON FUNCTION outbox_number(integer) IS 'Numbers what was committed, in its order, and wakes whoever tells of it; gives the last number';
