-- What several parts share: answers kept for a repeated request.

CREATE TABLE idempotency_key (
    client_id   text        NOT NULL,
    operation   text        NOT NULL,
    key         text        NOT NULL,
    content     bytea       NOT NULL,
    answer      text        NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (client_id, operation, key)
);
CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at);

COMMENT ON TABLE  idempotency_key IS 'What a client already did under an Idempotency-Key, so that the same call again changes nothing';
COMMENT ON COLUMN idempotency_key.client_id  IS 'The registered client';
COMMENT ON COLUMN idempotency_key.operation  IS 'Operation and the resource it was called on';
COMMENT ON COLUMN idempotency_key.key        IS 'The Idempotency-Key as sent';
COMMENT ON COLUMN idempotency_key.content    IS 'SHA-256 of the request body: the same key with other content is a conflict';
COMMENT ON COLUMN idempotency_key.answer     IS 'Reference to what was made, from which the same answer is built again';
COMMENT ON COLUMN idempotency_key.created_at IS 'When the key was first used; keys are dropped after a week';
