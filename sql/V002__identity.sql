-- Who may call: registered clients, the assertions they used, and the keys that we sign with.

CREATE TABLE client (
    id               text        PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9._-]{1,64}$'),
    region           text        NOT NULL,
    role             text        NOT NULL CHECK (role IN
                         ('hospital', 'reviewer', 'pharmacy', 'patient', 'bureau', 'auditor')),
    organization_id  uuid        NOT NULL,
    organization     text        NOT NULL,
    reviews_for      text        NOT NULL,
    scopes           text        NOT NULL,
    secret_hash      text,
    jwks             text,
    active           boolean     NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT client_reviews CHECK (role = 'reviewer' OR reviews_for = '')
);
CREATE INDEX client_organization_id ON client (organization_id);

COMMENT ON TABLE  client IS 'One registered system of one organization with one role';
COMMENT ON COLUMN client.id              IS 'The OAuth client_id';
COMMENT ON COLUMN client.region          IS 'GB/T 2260, six digits';
COMMENT ON COLUMN client.role            IS 'What the client may do; one client has exactly one role';
COMMENT ON COLUMN client.organization_id IS 'The Organization resource the client belongs to';
COMMENT ON COLUMN client.organization    IS 'Number of that organization (nhsa-org)';
COMMENT ON COLUMN client.reviews_for     IS 'Numbers of the hospitals a reviewer is registered for, separated by spaces';
COMMENT ON COLUMN client.scopes          IS 'SMART v2 scopes the client may get, separated by spaces';
COMMENT ON COLUMN client.secret_hash     IS 'pbkdf2-sha256$iterations$salt$hash of the secret; null: no HTTP Basic';
COMMENT ON COLUMN client.jwks            IS 'Public keys (RFC 7517) for private_key_jwt; null: no private_key_jwt';
COMMENT ON COLUMN client.active          IS 'False: the client gets no more tokens';
COMMENT ON COLUMN client.created_at      IS 'When the client was registered';
COMMENT ON COLUMN client.updated_at      IS 'When the registration last changed';

CREATE TABLE client_assertion_jti (
    client_id   text        NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    jti         text        NOT NULL,
    expires_at  timestamptz NOT NULL,
    CONSTRAINT client_assertion_jti_once PRIMARY KEY (client_id, jti)
);
CREATE INDEX client_assertion_jti_expires_at ON client_assertion_jti (expires_at);

COMMENT ON TABLE  client_assertion_jti IS 'Assertions already used, so that none is accepted twice by any instance';
COMMENT ON COLUMN client_assertion_jti.client_id  IS 'The client that sent the assertion';
COMMENT ON COLUMN client_assertion_jti.jti        IS 'Its id (JWT claim jti)';
COMMENT ON COLUMN client_assertion_jti.expires_at IS 'End of its validity, after which the row is dropped';

CREATE TABLE signing_key (
    kid             text        PRIMARY KEY,
    public_jwk      text        NOT NULL,
    private_sealed  bytea       NOT NULL,
    created_at      timestamptz NOT NULL
);

COMMENT ON TABLE  signing_key IS 'Our own ES256 keys for access tokens and pick-up tokens; the newest signs, all are published';
COMMENT ON COLUMN signing_key.kid            IS 'Key id: the RFC 7638 thumbprint of the public key';
COMMENT ON COLUMN signing_key.public_jwk     IS 'The public key (RFC 7517)';
COMMENT ON COLUMN signing_key.private_sealed IS 'The private key, sealed under the master key outside the database';
COMMENT ON COLUMN signing_key.created_at     IS 'When the key was made';
