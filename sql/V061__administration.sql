-- Putting the platform into service: the first operator, and work that takes long.

CREATE TABLE setup_code (
    code_hash  bytea       PRIMARY KEY,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
COMMENT ON TABLE  setup_code IS 'One-time codes for the account of the first operator';
COMMENT ON COLUMN setup_code.code_hash  IS 'SHA-256 of the code';
COMMENT ON COLUMN setup_code.expires_at IS 'From when on it is none';
COMMENT ON COLUMN setup_code.used_at    IS 'When it was used, null before';

CREATE TABLE admin_job (
    id           uuid        PRIMARY KEY,
    kind         text        NOT NULL,
    input        text        NOT NULL,
    state        text        NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    position     text        NOT NULL,
    done         bigint      NOT NULL,
    total        bigint      NOT NULL,
    note         text        NOT NULL,
    requested_by text        NOT NULL,
    runner       uuid,
    alive_at     timestamptz,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE UNIQUE INDEX admin_job_one_of_a_kind ON admin_job (kind) WHERE state IN ('waiting', 'running');
CREATE INDEX admin_job_created_at ON admin_job (created_at);
COMMENT ON TABLE  admin_job IS 'Work that takes long: at most one of a kind at a time over all instances';
COMMENT ON COLUMN admin_job.id           IS 'Id of the job';
COMMENT ON COLUMN admin_job.kind         IS 'What is done: keys-sealing, keys-signing, keys-audit, erase, retention';
COMMENT ON COLUMN admin_job.input        IS 'What it is done to, as JSON; without any person''s number';
COMMENT ON COLUMN admin_job.state        IS 'How far it is';
COMMENT ON COLUMN admin_job.position     IS 'Where the next step goes on, after a crash too';
COMMENT ON COLUMN admin_job.done         IS 'Items done';
COMMENT ON COLUMN admin_job.total        IS 'Items there are, as far as known';
COMMENT ON COLUMN admin_job.note         IS 'What came of it, or why it failed';
COMMENT ON COLUMN admin_job.requested_by IS 'The client or person that asked for it';
COMMENT ON COLUMN admin_job.runner       IS 'The instance at work on it';
COMMENT ON COLUMN admin_job.alive_at     IS 'When that instance last said so, by the database''s clock';
COMMENT ON COLUMN admin_job.created_at   IS 'When it was asked for';
COMMENT ON COLUMN admin_job.updated_at   IS 'When it last went on';
