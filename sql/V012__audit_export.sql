-- Bulk Data exports: what was asked for, how far it is, and what was written so far.

CREATE TABLE audit_export (
    id             uuid        PRIMARY KEY,
    region         text        NOT NULL,
    client         text        NOT NULL,
    request        text        NOT NULL,
    types          text        NOT NULL,
    since          timestamptz,
    until          timestamptz NOT NULL,
    after_txid     xid8        NOT NULL DEFAULT pg_current_xact_id(),
    pseudonym_key  bytea,
    status         text        NOT NULL CHECK (status IN ('running', 'done', 'failed')),
    type_number    integer     NOT NULL DEFAULT 0 CHECK (type_number >= 0),
    total          bigint      CHECK (total >= 0),
    passed         bigint      NOT NULL DEFAULT 0 CHECK (passed >= 0),
    reached        text,
    next_part      integer     NOT NULL DEFAULT 0 CHECK (next_part >= 0),
    failures       integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    worker         uuid,
    lease_until    timestamptz,
    expires_at     timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    CHECK ((status = 'running') = (pseudonym_key IS NOT NULL))
);
CREATE INDEX audit_export_client  ON audit_export (client);
CREATE INDEX audit_export_running ON audit_export (created_at) WHERE status = 'running';

COMMENT ON TABLE  audit_export IS 'Bulk Data exports, each worked on by one instance at a time; another goes on where a dead one stopped';
COMMENT ON COLUMN audit_export.id            IS 'The job in the status URL';
COMMENT ON COLUMN audit_export.region        IS 'GB/T 2260 region of the deployment';
COMMENT ON COLUMN audit_export.client        IS 'Who asked, and alone may fetch';
COMMENT ON COLUMN audit_export.request       IS 'The request, for the manifest';
COMMENT ON COLUMN audit_export.types         IS 'Resource types in the order in which they are written, separated by spaces';
COMMENT ON COLUMN audit_export.since         IS 'Only what was written after this moment; null: everything';
COMMENT ON COLUMN audit_export.until         IS 'Only what was written up to this moment: transactionTime of the manifest, or _until when that is earlier';
COMMENT ON COLUMN audit_export.after_txid    IS 'Nothing is read before every transaction up to this one has ended, so that nothing of the time is missed';
COMMENT ON COLUMN audit_export.pseudonym_key IS 'Key of this export''s pseudonyms, sealed under the master key; destroyed when the export ends';
COMMENT ON COLUMN audit_export.status        IS 'running, done or failed';
COMMENT ON COLUMN audit_export.type_number   IS 'Which of the types is being written, from 0';
COMMENT ON COLUMN audit_export.total         IS 'How many rows of that type there are to look at; null before it began';
COMMENT ON COLUMN audit_export.passed        IS 'How many of them were looked at';
COMMENT ON COLUMN audit_export.reached       IS 'The last of them, as the source of the type names its place';
COMMENT ON COLUMN audit_export.next_part     IS 'Number of the next part of that type';
COMMENT ON COLUMN audit_export.failures      IS 'How often work on it failed; after some it is given up';
COMMENT ON COLUMN audit_export.worker        IS 'The instance at work';
COMMENT ON COLUMN audit_export.lease_until   IS 'Until when it may be silent before another goes on';
COMMENT ON COLUMN audit_export.expires_at    IS 'When everything of it is deleted';
COMMENT ON COLUMN audit_export.created_at    IS 'When it was asked for';

CREATE TABLE audit_export_part (
    export_id uuid    NOT NULL REFERENCES audit_export (id) ON DELETE CASCADE,
    type      text    NOT NULL,
    number    integer NOT NULL CHECK (number >= 0),
    resources integer NOT NULL CHECK (resources > 0),
    patients  uuid[]  NOT NULL,
    content   bytea   NOT NULL,
    PRIMARY KEY (export_id, type, number)
);
COMMENT ON TABLE  audit_export_part IS 'What an export has written: a piece of a file, committed together with how far the export is';
COMMENT ON COLUMN audit_export_part.export_id IS 'The export';
COMMENT ON COLUMN audit_export_part.type      IS 'Resource type';
COMMENT ON COLUMN audit_export_part.number    IS 'From 0 within the type; ten parts are one file';
COMMENT ON COLUMN audit_export_part.resources IS 'How many resources are in it';
COMMENT ON COLUMN audit_export_part.patients  IS 'Whose data it holds, for the audit record of each download';
COMMENT ON COLUMN audit_export_part.content   IS 'NDJSON, gzip';
