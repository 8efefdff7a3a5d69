-- People who sign in, their sessions, and what registering, suspending and guessing need.

ALTER TABLE client DROP CONSTRAINT client_role_check;
ALTER TABLE client ADD CONSTRAINT client_role_check CHECK (role IN
    ('hospital', 'reviewer', 'pharmacy', 'patient', 'bureau', 'auditor', 'operator'));
ALTER TABLE client
    ADD COLUMN jwks_url         text,
    ADD COLUMN asserts_patients boolean NOT NULL DEFAULT false,
    ADD COLUMN addresses        text    NOT NULL DEFAULT '',
    ADD COLUMN tokens_from      timestamptz,
    ADD COLUMN old_secret_hash  text,
    ADD COLUMN old_secret_until timestamptz,
    ADD COLUMN demonstration    boolean NOT NULL DEFAULT false,
    ADD COLUMN version          bigint  NOT NULL DEFAULT 1;

COMMENT ON COLUMN client.jwks_url         IS 'Where its public keys are fetched; null: they stand in jwks or there are none';
COMMENT ON COLUMN client.asserts_patients IS 'Whether it vouches for the patient that it names';
COMMENT ON COLUMN client.addresses        IS 'Ranges that it may call from, separated by spaces; empty: any';
COMMENT ON COLUMN client.tokens_from      IS 'Tokens issued before are refused; null: none is';
COMMENT ON COLUMN client.old_secret_hash  IS 'The secret before the last rotation';
COMMENT ON COLUMN client.old_secret_until IS 'Until when that one is still taken';
COMMENT ON COLUMN client.demonstration    IS 'Whether it belongs to the demonstration, whose secrets everybody knows';
COMMENT ON COLUMN client.version          IS 'Counts the changes of the registration';

CREATE TABLE account (
    login           text        PRIMARY KEY CHECK (login ~ '^[A-Za-z0-9._@-]{1,64}$'),
    region          text        NOT NULL,
    name            text        NOT NULL,
    staff           text,
    role            text        NOT NULL CHECK (role IN
                        ('hospital', 'reviewer', 'pharmacy', 'bureau', 'auditor', 'operator')),
    organization_id uuid        NOT NULL,
    organization    text        NOT NULL,
    reviews_for     text        NOT NULL,
    manager         boolean     NOT NULL,
    password_hash   text,
    password_once   boolean     NOT NULL,
    totp_sealed     bytea,
    totp_step       bigint      NOT NULL,
    recovery_hashes text        NOT NULL,
    subject         text        UNIQUE,
    active          boolean     NOT NULL,
    demonstration   boolean     NOT NULL,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
CREATE INDEX account_organization_id ON account (organization_id);

COMMENT ON TABLE  account IS 'People who sign in to the console';
COMMENT ON COLUMN account.login           IS 'What the person types';
COMMENT ON COLUMN account.region          IS 'GB/T 2260, six digits';
COMMENT ON COLUMN account.name            IS 'Name in full';
COMMENT ON COLUMN account.staff           IS 'Staff number (nhsa-staff), null without one';
COMMENT ON COLUMN account.role            IS 'What the person may do; one account has exactly one role';
COMMENT ON COLUMN account.organization_id IS 'The Organization resource the person belongs to';
COMMENT ON COLUMN account.organization    IS 'Number of that organization (nhsa-org)';
COMMENT ON COLUMN account.reviews_for     IS 'Numbers of the hospitals a reviewer is registered for, separated by spaces';
COMMENT ON COLUMN account.manager         IS 'Whether the person manages clients and people of the own organization';
COMMENT ON COLUMN account.password_hash   IS 'Argon2id in PHC form; null: signs in elsewhere only';
COMMENT ON COLUMN account.password_once   IS 'True: the password was given out and must be changed first';
COMMENT ON COLUMN account.totp_sealed     IS 'Key of the second factor (RFC 6238), sealed under the master key; null: none yet';
COMMENT ON COLUMN account.totp_step       IS 'The last time step used, so that no code is taken twice';
COMMENT ON COLUMN account.recovery_hashes IS 'SHA-256 of each recovery code not used yet, hex, separated by spaces';
COMMENT ON COLUMN account.subject         IS 'Who it is at the OpenID provider, null without one';
COMMENT ON COLUMN account.active          IS 'False: suspended';
COMMENT ON COLUMN account.demonstration   IS 'Whether it belongs to the demonstration, whose passwords everybody knows';
COMMENT ON COLUMN account.version         IS 'Counts the changes';
COMMENT ON COLUMN account.created_at      IS 'When it was made';
COMMENT ON COLUMN account.updated_at      IS 'When it last changed';

CREATE TABLE account_session (
    id         bytea       PRIMARY KEY,
    login      text        NOT NULL REFERENCES account (login) ON DELETE CASCADE,
    stage      text        NOT NULL CHECK (stage IN ('second-factor', 'change', 'enrol', 'in')),
    form_token text        NOT NULL,
    pending    bytea,
    back       text        NOT NULL,
    address    text        NOT NULL,
    agent      text        NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
);
CREATE INDEX account_session_login ON account_session (login);
CREATE INDEX account_session_created_at ON account_session (created_at);

COMMENT ON TABLE  account_session IS 'Sessions of people; one that ends is a row deleted';
COMMENT ON COLUMN account_session.id         IS 'SHA-256 of the cookie: the table gives no session away';
COMMENT ON COLUMN account_session.login      IS 'Whose';
COMMENT ON COLUMN account_session.stage      IS 'What is still to be done before the person is in';
COMMENT ON COLUMN account_session.form_token IS 'Token against forged forms';
COMMENT ON COLUMN account_session.pending    IS 'Key of a second factor not confirmed yet, sealed under the master key';
COMMENT ON COLUMN account_session.back       IS 'Path to go to once in';
COMMENT ON COLUMN account_session.address    IS 'Where the person signed in from';
COMMENT ON COLUMN account_session.agent      IS 'Browser, as it calls itself';
COMMENT ON COLUMN account_session.created_at IS 'When the person signed in';
COMMENT ON COLUMN account_session.seen_at    IS 'When the session was last used, to the minute';

CREATE TABLE login_failure (
    subject  text        NOT NULL,
    minute   timestamptz NOT NULL,
    failures integer     NOT NULL,
    PRIMARY KEY (subject, minute)
);
CREATE INDEX login_failure_minute ON login_failure (minute);

COMMENT ON TABLE  login_failure IS 'Wrong secrets, passwords and codes by minute, counted over all instances';
COMMENT ON COLUMN login_failure.subject  IS 'client:…, person:… or pickup:… ';
COMMENT ON COLUMN login_failure.minute   IS 'The minute';
COMMENT ON COLUMN login_failure.failures IS 'How many in it';

CREATE TABLE token_revoked (
    jti        text        PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX token_revoked_expires_at ON token_revoked (expires_at);

COMMENT ON TABLE  token_revoked IS 'Access tokens given back before their end (RFC 7009)';
COMMENT ON COLUMN token_revoked.jti        IS 'Id of the token';
COMMENT ON COLUMN token_revoked.expires_at IS 'Its end, after which the row is dropped';

CREATE TABLE patient_asserted (
    client_id text        NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    hour      timestamptz NOT NULL,
    person    bytea       NOT NULL,
    PRIMARY KEY (client_id, hour, person)
);
CREATE INDEX patient_asserted_hour ON patient_asserted (hour);

COMMENT ON TABLE  patient_asserted IS 'Which persons a client named in which hour, to limit how many';
COMMENT ON COLUMN patient_asserted.client_id IS 'The client';
COMMENT ON COLUMN patient_asserted.hour      IS 'The hour';
COMMENT ON COLUMN patient_asserted.person    IS 'Blind index of the person named';

-- Every process remembers who is active and forgets it when told.
CREATE FUNCTION identity_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('identity', TG_TABLE_NAME);
    RETURN NULL;
END
$$;
CREATE TRIGGER client_tell AFTER INSERT OR UPDATE OR DELETE ON client
    FOR EACH STATEMENT EXECUTE FUNCTION identity_tell();
CREATE TRIGGER account_tell AFTER UPDATE OR DELETE ON account
    FOR EACH STATEMENT EXECUTE FUNCTION identity_tell();
CREATE TRIGGER account_session_tell AFTER DELETE ON account_session
    FOR EACH STATEMENT EXECUTE FUNCTION identity_tell();
CREATE TRIGGER token_revoked_tell AFTER INSERT ON token_revoked
    FOR EACH STATEMENT EXECUTE FUNCTION identity_tell();
CREATE TRIGGER signing_key_tell AFTER INSERT ON signing_key
    FOR EACH STATEMENT EXECUTE FUNCTION identity_tell();
