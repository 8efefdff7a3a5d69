-- Subscriptions: who wants to be told of what, what it has been told, and what waits.

CREATE TABLE subscription (
    id               uuid        PRIMARY KEY,
    region           text        NOT NULL,
    client_id        text        NOT NULL,
    role             text        NOT NULL,
    organization_id  uuid        NOT NULL,
    organization     text        NOT NULL,
    patient_id       uuid,
    audience         uuid,
    scopes           text        NOT NULL,
    status           text        NOT NULL CHECK (status IN ('requested', 'active', 'error', 'off')),
    topic            text        NOT NULL,
    patients         uuid[]      NOT NULL,
    owners           uuid[]      NOT NULL,
    requesters       uuid[]      NOT NULL,
    endpoint         text        NOT NULL,
    content          text        NOT NULL CHECK (content IN ('empty', 'id-only', 'full-resource')),
    heartbeat        integer,
    timeout          integer,
    max_count        integer,
    reason           text        NOT NULL,
    contact          text,
    ends_at          timestamptz,
    secret           bytea       NOT NULL,
    old_secret       bytea,
    old_secret_until timestamptz,
    shaken           boolean     NOT NULL,
    error            text,
    version          bigint      NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL
);
CREATE INDEX subscription_audience ON subscription (audience, topic) WHERE status <> 'off';
CREATE INDEX subscription_reviewer ON subscription (topic) WHERE audience IS NULL AND status <> 'off';
CREATE INDEX subscription_client   ON subscription (client_id, patient_id);
CREATE INDEX subscription_ends     ON subscription (ends_at) WHERE ends_at IS NOT NULL AND status <> 'off';

COMMENT ON TABLE  subscription IS 'One row for each Subscription: whose it is, of what it wants to be told, and where';
COMMENT ON COLUMN subscription.id IS 'Id of the Subscription';
COMMENT ON COLUMN subscription.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN subscription.client_id IS 'The client that made it and owns it';
COMMENT ON COLUMN subscription.role IS 'The role of that client when it made it; of another role it is told nothing';
COMMENT ON COLUMN subscription.organization_id IS 'The organization of that client';
COMMENT ON COLUMN subscription.organization IS 'Its number';
COMMENT ON COLUMN subscription.patient_id IS 'The patient for whom a patient app made it';
COMMENT ON COLUMN subscription.audience IS 'Whom an event must name to be for it: the organization, of a patient app the patient; null for reviewers';
COMMENT ON COLUMN subscription.scopes IS 'Scopes of the token that made it: it is told within them';
COMMENT ON COLUMN subscription.status IS 'requested until its address has answered, active, error while its address fails, off';
COMMENT ON COLUMN subscription.topic IS 'Last part of the canonical url of its SubscriptionTopic';
COMMENT ON COLUMN subscription.patients IS 'Only events of one of these patients; empty for all';
COMMENT ON COLUMN subscription.owners IS 'Only events of one of these pharmacies; empty for all';
COMMENT ON COLUMN subscription.requesters IS 'Only events of one of these hospitals; empty for all';
COMMENT ON COLUMN subscription.endpoint IS 'The address that is called';
COMMENT ON COLUMN subscription.content IS 'What a notification holds';
COMMENT ON COLUMN subscription.heartbeat IS 'Seconds of silence after which it is told that we live';
COMMENT ON COLUMN subscription.timeout IS 'Seconds that its address may take to answer; null for the usual';
COMMENT ON COLUMN subscription.max_count IS 'Events in one notification at most; null for one';
COMMENT ON COLUMN subscription.reason IS 'Why it was made, sealed';
COMMENT ON COLUMN subscription.contact IS 'Whom to reach about it, a list of ContactPoints, sealed';
COMMENT ON COLUMN subscription.ends_at IS 'When it ends by itself';
COMMENT ON COLUMN subscription.secret IS 'What notifications are signed with, sealed';
COMMENT ON COLUMN subscription.old_secret IS 'The secret before the last rotation, sealed';
COMMENT ON COLUMN subscription.old_secret_until IS 'Until when notifications are signed with that one too';
COMMENT ON COLUMN subscription.shaken IS 'Whether its address has answered the handshake';
COMMENT ON COLUMN subscription.error IS 'What went wrong last at its address, in words without anything of the answer';
COMMENT ON COLUMN subscription.version IS 'meta.versionId';
COMMENT ON COLUMN subscription.created_at IS 'When it was made';
COMMENT ON COLUMN subscription.updated_at IS 'meta.lastUpdated';

CREATE TABLE subscription_lane (
    subscription_id uuid        PRIMARY KEY REFERENCES subscription (id) ON DELETE CASCADE,
    receiver        text        NOT NULL,
    last_number     bigint      NOT NULL,
    due_at          timestamptz,
    fresh           boolean     NOT NULL,
    leased_by       uuid,
    leased_until    timestamptz,
    failures        integer     NOT NULL,
    failing_since   timestamptz,
    blocked_until   timestamptz,
    sent_at         timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX subscription_lane_due ON subscription_lane (due_at) WHERE due_at IS NOT NULL;

COMMENT ON TABLE  subscription_lane IS 'How the telling of a Subscription goes: one instance tells at a time';
COMMENT ON COLUMN subscription_lane.subscription_id IS 'The Subscription';
COMMENT ON COLUMN subscription_lane.receiver IS 'Client and origin of the address: those who share one share what may be done at once';
COMMENT ON COLUMN subscription_lane.last_number IS 'The last event number given, without gaps';
COMMENT ON COLUMN subscription_lane.due_at IS 'When there is something to do next, null when nothing';
COMMENT ON COLUMN subscription_lane.fresh IS 'Whether events came since an instance took it: then there is something to do whatever that one thinks';
COMMENT ON COLUMN subscription_lane.leased_by IS 'The instance that tells it now';
COMMENT ON COLUMN subscription_lane.leased_until IS 'Until when no other may; it is renewed while the instance lives';
COMMENT ON COLUMN subscription_lane.failures IS 'Calls that failed one after the other';
COMMENT ON COLUMN subscription_lane.failing_since IS 'Since when, null when the last one succeeded';
COMMENT ON COLUMN subscription_lane.blocked_until IS 'Until when its address is left alone, since it failed again and again';
COMMENT ON COLUMN subscription_lane.sent_at IS 'When it was told anything last, or made';

CREATE TABLE subscription_event (
    subscription_id uuid        NOT NULL REFERENCES subscription (id) ON DELETE CASCADE,
    number          bigint      NOT NULL,
    outbox_number   bigint      NOT NULL,
    focus_id        uuid        NOT NULL,
    at              timestamptz NOT NULL,
    state           text        NOT NULL CHECK (state IN ('waiting', 'told', 'parked')),
    attempts        integer     NOT NULL,
    since           timestamptz NOT NULL,
    next_at         timestamptz NOT NULL,
    PRIMARY KEY (subscription_id, number)
);
CREATE INDEX subscription_event_waiting ON subscription_event (subscription_id, number) INCLUDE (next_at) WHERE state = 'waiting';
CREATE INDEX subscription_event_tried   ON subscription_event (subscription_id, focus_id, number) WHERE state = 'waiting' AND attempts > 0;
CREATE INDEX subscription_event_parked  ON subscription_event (subscription_id, number) WHERE state = 'parked';
CREATE INDEX subscription_event_since   ON subscription_event (since) WHERE state = 'waiting';
CREATE INDEX subscription_event_at      ON subscription_event (at);

COMMENT ON TABLE  subscription_event IS 'One row for each event that is for a Subscription, kept for 30 days';
COMMENT ON COLUMN subscription_event.subscription_id IS 'The Subscription';
COMMENT ON COLUMN subscription_event.number IS 'Its number there, from 1 without gaps';
COMMENT ON COLUMN subscription_event.outbox_number IS 'The event of the outbox';
COMMENT ON COLUMN subscription_event.focus_id IS 'What it is about: its events are told one after the other';
COMMENT ON COLUMN subscription_event.at IS 'When it happened';
COMMENT ON COLUMN subscription_event.state IS 'waiting to be told, told, or parked after a day of trying';
COMMENT ON COLUMN subscription_event.attempts IS 'How often it was tried in vain';
COMMENT ON COLUMN subscription_event.since IS 'Since when it waits: its day of trying begins here';
COMMENT ON COLUMN subscription_event.next_at IS 'When it is tried next';

CREATE TABLE subscription_cursor (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    number bigint  NOT NULL
);
COMMENT ON TABLE  subscription_cursor IS 'How far the outbox has been given to the Subscriptions';
COMMENT ON COLUMN subscription_cursor.one IS 'There is one row';
COMMENT ON COLUMN subscription_cursor.number IS 'The last number of the outbox that was';
INSERT INTO subscription_cursor (number) SELECT number FROM outbox_last;

-- Where patients' data goes is followed by the ledger; how the telling goes is not.
SELECT audit_guard('subscription', '{id}', '{status,reason,contact,secret,old_secret,old_secret_until,shaken,error,version,updated_at}');
