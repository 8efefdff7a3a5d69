-- The audit log: one row per audited call, and the Merkle tree over all of them.

CREATE TABLE audit_event (
    id                  uuid        NOT NULL,
    region              text        NOT NULL,
    recorded            timestamptz NOT NULL,
    txid                xid8        NOT NULL DEFAULT pg_current_xact_id(),
    type                text        NOT NULL,
    interaction         text        NOT NULL,
    operation           text        NOT NULL,
    action              text        NOT NULL CHECK (action IN ('C', 'R', 'U', 'D', 'E')),
    outcome             integer     NOT NULL CHECK (outcome IN (0, 4, 8, 12)),
    problem             text,
    client              text,
    role                text,
    organization_id     uuid,
    organization        text,
    person_id           text,
    person_name_sealed  bytea,
    person_role         text,
    person_organization text,
    purpose             text,
    address             text        NOT NULL,
    request             text        NOT NULL,
    change              text,
    query               text,
    times               integer     NOT NULL DEFAULT 1 CHECK (times > 0),
    patient_id          uuid,
    task_id             uuid,
    entities            text        NOT NULL,
    salts               bytea       NOT NULL,
    commitments         bytea       NOT NULL,
    PRIMARY KEY (id, recorded, region),
    CHECK ((outcome = 0) = (problem IS NULL))
) PARTITION BY RANGE (recorded);

-- A row outside every month that was made ahead is kept all the same.
CREATE TABLE audit_event_default PARTITION OF audit_event DEFAULT;

CREATE INDEX audit_event_sequence     ON audit_event (txid, id);
CREATE INDEX audit_event_patient      ON audit_event (patient_id, id) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_event_task         ON audit_event (task_id, id) WHERE task_id IS NOT NULL;
CREATE INDEX audit_event_client       ON audit_event (client, id) WHERE client IS NOT NULL;
CREATE INDEX audit_event_organization ON audit_event (organization, id) WHERE organization IS NOT NULL;
CREATE INDEX audit_event_person       ON audit_event (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX audit_event_address      ON audit_event (address, id);
CREATE INDEX audit_event_recorded     ON audit_event USING brin (recorded);
CREATE INDEX audit_event_refused      ON audit_event (id) WHERE outcome <> 0;

COMMENT ON TABLE  audit_event IS 'Who did what to whom: one row per audited call, FHIR AuditEvent; partitioned by month (UTC), dropped by month when retention ends';
COMMENT ON COLUMN audit_event.id                  IS 'UUIDv7; its milliseconds are those of recorded';
COMMENT ON COLUMN audit_event.region              IS 'GB/T 2260 region of the deployment, for distribution';
COMMENT ON COLUMN audit_event.recorded            IS 'When the row was made, by the service''s clock; says nothing about order, the leaf''s index does';
COMMENT ON COLUMN audit_event.txid                IS 'The transaction that wrote the row: below pg_snapshot_xmin nothing can appear any more, so (txid, id) is read without gaps';
COMMENT ON COLUMN audit_event.type                IS 'AuditEvent.type: rest, or 110114 (user authentication)';
COMMENT ON COLUMN audit_event.interaction         IS 'AuditEvent.subtype: FHIR''s name of the interaction, or login';
COMMENT ON COLUMN audit_event.operation           IS 'Name of the operation, or the resource type of a plain interaction';
COMMENT ON COLUMN audit_event.action              IS 'AuditEvent.action: create, read, update, delete, execute';
COMMENT ON COLUMN audit_event.outcome             IS 'AuditEvent.outcome: 0 done, 4 refused, 8 failed on our side';
COMMENT ON COLUMN audit_event.problem             IS 'Problem code of a refusal, RX-nnnn';
COMMENT ON COLUMN audit_event.client              IS 'The registered client that called';
COMMENT ON COLUMN audit_event.role                IS 'The role of the client';
COMMENT ON COLUMN audit_event.organization_id     IS 'Organization resource of the client';
COMMENT ON COLUMN audit_event.organization        IS 'Number of that organization (nhsa-org)';
COMMENT ON COLUMN audit_event.person_id           IS 'Staff number of the person behind the call, as the client names it';
COMMENT ON COLUMN audit_event.person_name_sealed  IS 'Salt and name of that person, sealed';
COMMENT ON COLUMN audit_event.person_role         IS 'Role of that person';
COMMENT ON COLUMN audit_event.person_organization IS 'Organization of that person';
COMMENT ON COLUMN audit_event.purpose             IS 'Purpose of use as the client states it';
COMMENT ON COLUMN audit_event.address             IS 'Network address that the call came from';
COMMENT ON COLUMN audit_event.request             IS 'Request id, as in the answer and the service''s log';
COMMENT ON COLUMN audit_event.change              IS 'What changed, old state -> new state';
COMMENT ON COLUMN audit_event.query               IS 'Search parameters without any identifier of a person';
COMMENT ON COLUMN audit_event.times               IS 'How many refusals of one address and minute a counted event stands for';
COMMENT ON COLUMN audit_event.patient_id          IS 'The first patient concerned; further ones stand in audit_further_entity';
COMMENT ON COLUMN audit_event.task_id             IS 'The first prescription Task concerned; further ones stand in audit_further_entity';
COMMENT ON COLUMN audit_event.entities            IS 'Every resource concerned in order, as Type/id, separated by spaces';
COMMENT ON COLUMN audit_event.salts               IS '16 bytes per field in the order of the leaf format; zeros where a field was erased, and for the name, whose salt is sealed with it';
COMMENT ON COLUMN audit_event.commitments         IS '32 bytes per field in the same order: what the leaf publishes';

CREATE TABLE audit_further_entity (
    reference text        NOT NULL,
    recorded  timestamptz NOT NULL,
    event_id  uuid        NOT NULL,
    region    text        NOT NULL,
    PRIMARY KEY (reference, recorded, event_id, region)
) PARTITION BY RANGE (recorded);
CREATE TABLE audit_further_entity_default PARTITION OF audit_further_entity DEFAULT;

COMMENT ON TABLE  audit_further_entity IS 'Finds events by any resource beyond their first patient and first Task';
COMMENT ON COLUMN audit_further_entity.reference IS 'Type/id';
COMMENT ON COLUMN audit_further_entity.recorded  IS 'As in audit_event';
COMMENT ON COLUMN audit_further_entity.event_id  IS 'The event';
COMMENT ON COLUMN audit_further_entity.region    IS 'As in audit_event';

CREATE TABLE audit_log (
    single        boolean     PRIMARY KEY DEFAULT true CHECK (single),
    origin        text        NOT NULL,
    size          bigint      NOT NULL CHECK (size >= 0),
    subtrees      bytea       NOT NULL,
    last_txid     xid8        NOT NULL,
    last_id       uuid        NOT NULL,
    sequenced_at  timestamptz NOT NULL
);
COMMENT ON TABLE  audit_log IS 'One row: how far the log is sequenced; whoever holds its lock is the sequencer';
COMMENT ON COLUMN audit_log.single       IS 'There is one log';
COMMENT ON COLUMN audit_log.origin       IS 'Origin line of its checkpoints';
COMMENT ON COLUMN audit_log.size         IS 'Number of leaves';
COMMENT ON COLUMN audit_log.subtrees     IS 'Roots of the complete subtrees, largest first, 32 bytes each: what appending needs';
COMMENT ON COLUMN audit_log.last_txid    IS 'Transaction of the last sequenced event';
COMMENT ON COLUMN audit_log.last_id      IS 'The last sequenced event';
COMMENT ON COLUMN audit_log.sequenced_at IS 'When the log last grew';

CREATE TABLE audit_leaf (
    index     bigint      PRIMARY KEY CHECK (index >= 0),
    event_id  uuid        NOT NULL UNIQUE,
    recorded  timestamptz NOT NULL,
    hash      bytea       NOT NULL CHECK (length(hash) = 32)
);
COMMENT ON TABLE  audit_leaf IS 'The sequence: which event is which leaf; kept when the event itself has reached the end of its retention';
COMMENT ON COLUMN audit_leaf.index    IS 'Place in the log, from 0, without gaps';
COMMENT ON COLUMN audit_leaf.event_id IS 'The event';
COMMENT ON COLUMN audit_leaf.recorded IS 'As in audit_event, to find its partition';
COMMENT ON COLUMN audit_leaf.hash     IS 'RFC 6962 leaf hash of the entry';

CREATE TABLE audit_node (
    level integer NOT NULL CHECK (level BETWEEN 1 AND 6),
    index bigint  NOT NULL CHECK (index >= 0),
    hash  bytea   NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, index)
);
COMMENT ON TABLE  audit_node IS 'Hashes of the tiles above the leaves: each the root of 256 hashes of the level below';
COMMENT ON COLUMN audit_node.level IS 'Tile level, C2SP tlog-tiles';
COMMENT ON COLUMN audit_node.index IS 'Place within the level, from 0';
COMMENT ON COLUMN audit_node.hash  IS 'RFC 6962 tree hash of the 256^level leaves below';

CREATE TABLE audit_origin (
    origin           text        PRIMARY KEY,
    key_sealed       bytea       NOT NULL,
    started_at       timestamptz NOT NULL,
    from_size        bigint      NOT NULL CHECK (from_size >= 0),
    predecessor      text REFERENCES audit_origin (origin),
    predecessor_note text,
    reason           text
);
COMMENT ON TABLE  audit_origin IS 'Every name that the log has had; a new one is started when a database does not extend what was signed';
COMMENT ON COLUMN audit_origin.origin           IS 'Origin line and name of the key';
COMMENT ON COLUMN audit_origin.key_sealed       IS 'Ed25519 seed, sealed under the master key';
COMMENT ON COLUMN audit_origin.started_at       IS 'When it was started';
COMMENT ON COLUMN audit_origin.from_size        IS 'How many leaves there were: those before are the predecessor''s';
COMMENT ON COLUMN audit_origin.predecessor      IS 'The origin before';
COMMENT ON COLUMN audit_origin.predecessor_note IS 'The last checkpoint of the predecessor that was kept outside the database';
COMMENT ON COLUMN audit_origin.reason           IS 'Why, in the operator''s words';

CREATE TABLE audit_checkpoint (
    origin    text        NOT NULL REFERENCES audit_origin (origin),
    size      bigint      NOT NULL CHECK (size >= 0),
    signed_at timestamptz NOT NULL,
    note      text        NOT NULL,
    PRIMARY KEY (origin, size)
);
COMMENT ON TABLE  audit_checkpoint IS 'Signed heads of the log, each made after the leaves under it were durable';
COMMENT ON COLUMN audit_checkpoint.origin    IS 'Origin line';
COMMENT ON COLUMN audit_checkpoint.size      IS 'Number of leaves under the signature';
COMMENT ON COLUMN audit_checkpoint.signed_at IS 'When it was signed';
COMMENT ON COLUMN audit_checkpoint.note      IS 'C2SP signed note';

CREATE TABLE audit_cosignature (
    origin      text        NOT NULL,
    size        bigint      NOT NULL,
    witness     text        NOT NULL,
    line        text        NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (origin, size, witness),
    FOREIGN KEY (origin, size) REFERENCES audit_checkpoint (origin, size) ON DELETE CASCADE
);
COMMENT ON TABLE  audit_cosignature IS 'Witnesses'' signatures on checkpoints, C2SP tlog-cosignature';
COMMENT ON COLUMN audit_cosignature.origin      IS 'Origin of the checkpoint';
COMMENT ON COLUMN audit_cosignature.size        IS 'Size of the checkpoint';
COMMENT ON COLUMN audit_cosignature.witness     IS 'Key name of the witness';
COMMENT ON COLUMN audit_cosignature.line        IS 'The signature line as it stands in the note, with its newline';
COMMENT ON COLUMN audit_cosignature.received_at IS 'When it came in';
