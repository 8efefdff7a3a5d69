-- The life of a prescription: the signed original, its lines, claims, dispenses, packs and every
-- version that anyone may have seen.

CREATE TABLE prescription (
    id                 uuid        PRIMARY KEY,
    region             text        NOT NULL,
    hospital_id        uuid        NOT NULL,
    hospital           text        NOT NULL,
    rx_number          text        NOT NULL,
    content_hash       bytea       NOT NULL,
    bundle_id          uuid        NOT NULL UNIQUE,
    original_id        uuid        NOT NULL UNIQUE,
    original           bytea       NOT NULL,
    original_type      text        NOT NULL CHECK (original_type IN ('application/fhir+json', 'application/fhir+xml')),
    signed             boolean     NOT NULL,
    document_key       bytea       NOT NULL,
    patient_id         uuid        NOT NULL,
    prescriber         text        NOT NULL,
    kind               text        NOT NULL,
    circulation        text        NOT NULL CHECK (circulation IN ('open', 'issuing-hospital')),
    priority           text        NOT NULL CHECK (priority IN ('routine', 'urgent', 'asap', 'stat')),
    state              text        NOT NULL,
    valid_from         timestamptz NOT NULL,
    valid_until        timestamptz NOT NULL,
    fill               integer     NOT NULL CHECK (fill >= 1),
    fills              integer     NOT NULL CHECK (fills >= fill),
    fill_interval_days integer     NOT NULL CHECK (fill_interval_days >= 0),
    review_due         timestamptz,
    reviewer           text,
    second_review      boolean     NOT NULL DEFAULT false,
    directed_to        uuid,
    claim_number       integer     NOT NULL DEFAULT 0,
    claimed_by         uuid,
    last_claimant      uuid,
    claimed_at         timestamptz,
    lease_until        timestamptz,
    claim_most         timestamptz,
    claim_ended        text        CHECK (claim_ended IN ('lease-over', 'released', 'by-patient', 'suspended', 'cancelled', 'dispensed', 'expired')),
    claim_dispensed    boolean     NOT NULL DEFAULT false,
    suspended_from     text,
    suspended_until    timestamptz,
    reason_code        text,
    reason_text        text,
    pickup_code_index  bytea       NOT NULL UNIQUE,
    pickup_code        bytea       NOT NULL,
    pickup_token       bytea       NOT NULL,
    predecessor        text,
    successor_id       uuid,
    next_due           timestamptz,
    task               bytea       NOT NULL,
    version            bigint      NOT NULL,
    rule_set_version   text        NOT NULL,
    profile_version    text        NOT NULL,
    catalogue_version  text        NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    CONSTRAINT prescription_number UNIQUE (hospital_id, rx_number),
    CONSTRAINT prescription_state CHECK (state IN (
        'awaiting-review', 'review-refused', 'awaiting-claim', 'claimed', 'partly-dispensed',
        'rest-awaiting-claim', 'awaiting-next-fill', 'dispensed', 'suspended', 'cancelled',
        'rest-cancelled', 'expired', 'rest-expired')),
    CONSTRAINT prescription_held CHECK (
        (state IN ('claimed', 'partly-dispensed')) = (claimed_by IS NOT NULL)),
    CONSTRAINT prescription_suspension CHECK ((state = 'suspended') = (suspended_from IS NOT NULL)),
    CONSTRAINT prescription_claim CHECK (
        (claim_number = 0) = (last_claimant IS NULL)
        AND (claimed_by IS NULL OR (claimed_by = last_claimant AND claim_ended IS NULL))),
    CONSTRAINT prescription_validity CHECK (valid_from < valid_until)
);
CREATE INDEX prescription_hospital ON prescription (hospital_id, updated_at, id);
CREATE INDEX prescription_patient  ON prescription (patient_id, updated_at, id);
CREATE INDEX prescription_claimed  ON prescription (claimed_by, updated_at, id) WHERE claimed_by IS NOT NULL;
CREATE INDEX prescription_updated  ON prescription (updated_at, id);
CREATE INDEX prescription_review   ON prescription (hospital, priority DESC, review_due) WHERE state = 'awaiting-review';
CREATE INDEX prescription_overdue  ON prescription (review_due) WHERE state = 'awaiting-review' AND reason_code IS NULL;
CREATE INDEX prescription_due      ON prescription (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX prescription_directed ON prescription (directed_to, updated_at, id) WHERE directed_to IS NOT NULL;

COMMENT ON TABLE  prescription IS 'One prescription: the signed original as submitted, and where it is in its life';
COMMENT ON COLUMN prescription.id IS 'Id of the workflow Task';
COMMENT ON COLUMN prescription.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN prescription.hospital_id IS 'Organization that issued it';
COMMENT ON COLUMN prescription.hospital IS 'Its number, nhsa-org';
COMMENT ON COLUMN prescription.rx_number IS 'The hospital''s own number, never used twice';
COMMENT ON COLUMN prescription.content_hash IS 'SHA-256 of the canonical form without signature, timestamp and meta: the same content again is the same prescription';
COMMENT ON COLUMN prescription.bundle_id IS 'Id of the document Bundle';
COMMENT ON COLUMN prescription.original_id IS 'Id of the Binary with the submitted bytes';
COMMENT ON COLUMN prescription.original IS 'The submitted bytes, sealed under the document key';
COMMENT ON COLUMN prescription.original_type IS 'Media type of the submitted bytes';
COMMENT ON COLUMN prescription.signed IS 'Whether the document carries a signature, which then was valid';
COMMENT ON COLUMN prescription.document_key IS 'The document''s data key, wrapped by the patient''s key';
COMMENT ON COLUMN prescription.patient_id IS 'Patient of the registry';
COMMENT ON COLUMN prescription.prescriber IS 'Staff number of the prescriber, nhsa-staff';
COMMENT ON COLUMN prescription.kind IS 'CodeSystem prescription-type of the first line';
COMMENT ON COLUMN prescription.circulation IS 'Where it may be dispensed';
COMMENT ON COLUMN prescription.priority IS 'MedicationRequest.priority: stat is reviewed first';
COMMENT ON COLUMN prescription.state IS 'CodeSystem prescription-status (Task.businessStatus)';
COMMENT ON COLUMN prescription.valid_from IS 'Start of validity';
COMMENT ON COLUMN prescription.valid_until IS 'End of validity of the first fill, exclusive';
COMMENT ON COLUMN prescription.fill IS 'The current fill, from 1';
COMMENT ON COLUMN prescription.fills IS 'How many fills there are';
COMMENT ON COLUMN prescription.fill_interval_days IS 'Days from the opening of one fill to the next, 0 with one fill';
COMMENT ON COLUMN prescription.review_due IS 'Until when the hospital''s own reviewers see it alone';
COMMENT ON COLUMN prescription.reviewer IS 'Staff number of the person who reviewed it on the platform';
COMMENT ON COLUMN prescription.second_review IS 'Whether a drug class asks for a second reviewer';
COMMENT ON COLUMN prescription.directed_to IS 'The pharmacy that the patient chose';
COMMENT ON COLUMN prescription.claim_number IS 'Number of the latest claim, 0 before the first';
COMMENT ON COLUMN prescription.claimed_by IS 'The pharmacy that holds it now';
COMMENT ON COLUMN prescription.last_claimant IS 'The pharmacy of the latest claim';
COMMENT ON COLUMN prescription.claimed_at IS 'When the latest claim began';
COMMENT ON COLUMN prescription.lease_until IS 'When the latest claim''s lease ends';
COMMENT ON COLUMN prescription.claim_most IS 'The latest moment up to which that lease may be renewed';
COMMENT ON COLUMN prescription.claim_ended IS 'Why the latest claim ended';
COMMENT ON COLUMN prescription.claim_dispensed IS 'Whether something was dispensed under the latest claim';
COMMENT ON COLUMN prescription.suspended_from IS 'The unclaimed state before the suspension';
COMMENT ON COLUMN prescription.suspended_until IS 'When the suspension ends by itself';
COMMENT ON COLUMN prescription.reason_code IS 'Coded reason of the latest review, cancellation or suspension';
COMMENT ON COLUMN prescription.reason_text IS 'Its text';
COMMENT ON COLUMN prescription.pickup_code_index IS 'Blind index of the pick-up code';
COMMENT ON COLUMN prescription.pickup_code IS 'The pick-up code, sealed under the document key';
COMMENT ON COLUMN prescription.pickup_token IS 'The signed pick-up token, sealed under the document key';
COMMENT ON COLUMN prescription.predecessor IS 'Number of the prescription that this one renews or replaces';
COMMENT ON COLUMN prescription.successor_id IS 'The prescription that replaced this one';
COMMENT ON COLUMN prescription.next_due IS 'When time alone changes the state next: the sweep''s only question';
COMMENT ON COLUMN prescription.task IS 'The Task as it is sent, without what only hospital and patient see';
COMMENT ON COLUMN prescription.version IS 'Task.meta.versionId';
COMMENT ON COLUMN prescription.rule_set_version IS 'Version of the rules it was judged by';
COMMENT ON COLUMN prescription.profile_version IS 'Version of the profiles it was validated against';
COMMENT ON COLUMN prescription.catalogue_version IS 'Version of the drug catalogue it was judged by';
COMMENT ON COLUMN prescription.created_at IS 'When it was accepted';
COMMENT ON COLUMN prescription.updated_at IS 'When it last changed';

CREATE TABLE prescription_transition (
    from_state text NOT NULL,
    to_state   text NOT NULL,
    PRIMARY KEY (from_state, to_state)
);
COMMENT ON TABLE  prescription_transition IS 'Every change of state that the rules know; the database refuses all others';
COMMENT ON COLUMN prescription_transition.from_state IS 'State before';
COMMENT ON COLUMN prescription_transition.to_state IS 'State after';

INSERT INTO prescription_transition (from_state, to_state) VALUES
    ('awaiting-review', 'awaiting-claim'),
    ('awaiting-review', 'review-refused'),
    ('awaiting-review', 'suspended'),
    ('awaiting-review', 'cancelled'),
    ('awaiting-review', 'expired'),
    ('awaiting-claim', 'claimed'),
    ('awaiting-claim', 'rest-awaiting-claim'),
    ('awaiting-claim', 'awaiting-next-fill'),
    ('awaiting-claim', 'dispensed'),
    ('awaiting-claim', 'suspended'),
    ('awaiting-claim', 'cancelled'),
    ('awaiting-claim', 'rest-cancelled'),
    ('awaiting-claim', 'expired'),
    ('awaiting-claim', 'rest-expired'),
    ('claimed', 'awaiting-claim'),
    ('claimed', 'partly-dispensed'),
    ('claimed', 'rest-awaiting-claim'),
    ('claimed', 'awaiting-next-fill'),
    ('claimed', 'dispensed'),
    ('claimed', 'suspended'),
    ('claimed', 'cancelled'),
    ('claimed', 'rest-cancelled'),
    ('partly-dispensed', 'claimed'),
    ('partly-dispensed', 'rest-awaiting-claim'),
    ('partly-dispensed', 'awaiting-next-fill'),
    ('partly-dispensed', 'dispensed'),
    ('partly-dispensed', 'suspended'),
    ('partly-dispensed', 'rest-cancelled'),
    ('rest-awaiting-claim', 'awaiting-claim'),
    ('rest-awaiting-claim', 'partly-dispensed'),
    ('rest-awaiting-claim', 'awaiting-next-fill'),
    ('rest-awaiting-claim', 'dispensed'),
    ('rest-awaiting-claim', 'suspended'),
    ('rest-awaiting-claim', 'rest-cancelled'),
    ('rest-awaiting-claim', 'rest-expired'),
    ('awaiting-next-fill', 'awaiting-claim'),
    ('awaiting-next-fill', 'rest-awaiting-claim'),
    ('awaiting-next-fill', 'suspended'),
    ('awaiting-next-fill', 'rest-cancelled'),
    ('awaiting-next-fill', 'expired'),
    ('dispensed', 'rest-awaiting-claim'),
    ('dispensed', 'awaiting-claim'),
    ('dispensed', 'expired'),
    ('suspended', 'awaiting-review'),
    ('suspended', 'awaiting-claim'),
    ('suspended', 'rest-awaiting-claim'),
    ('suspended', 'awaiting-next-fill'),
    ('suspended', 'cancelled'),
    ('suspended', 'rest-cancelled'),
    ('suspended', 'expired'),
    ('suspended', 'rest-expired'),
    ('rest-cancelled', 'cancelled'),
    ('rest-expired', 'expired');

CREATE FUNCTION prescription_guard_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM prescription_transition
                   WHERE from_state = OLD.state AND to_state = NEW.state) THEN
        RAISE EXCEPTION 'a prescription never goes from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prescription_transition';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER prescription_transition BEFORE UPDATE OF state ON prescription
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION prescription_guard_transition();

CREATE TABLE prescription_history (
    prescription_id uuid        NOT NULL REFERENCES prescription,
    version         bigint      NOT NULL,
    state           text        NOT NULL,
    claimed_by      uuid,
    lease_until     timestamptz,
    directed_to     uuid,
    task            bytea       NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (prescription_id, version)
);
COMMENT ON TABLE  prescription_history IS 'Every version of a Task, for vread and history';
COMMENT ON COLUMN prescription_history.prescription_id IS 'The Task';
COMMENT ON COLUMN prescription_history.version IS 'Its version';
COMMENT ON COLUMN prescription_history.state IS 'The state in that version';
COMMENT ON COLUMN prescription_history.claimed_by IS 'The holder in that version';
COMMENT ON COLUMN prescription_history.lease_until IS 'The end of its lease in that version';
COMMENT ON COLUMN prescription_history.directed_to IS 'The pharmacy that the patient had chosen';
COMMENT ON COLUMN prescription_history.task IS 'The Task as it was sent';
COMMENT ON COLUMN prescription_history.updated_at IS 'When that version came to be';

CREATE TABLE prescription_line (
    id              uuid          PRIMARY KEY,
    region          text          NOT NULL,
    prescription_id uuid          NOT NULL REFERENCES prescription,
    line            integer       NOT NULL CHECK (line BETWEEN 1 AND 200),
    identifier      text,
    drug_code       text          NOT NULL,
    product_only    boolean       NOT NULL,
    quantity        numeric(14,4) NOT NULL CHECK (quantity > 0),
    remaining       numeric(14,4) NOT NULL CHECK (remaining >= 0),
    dispensed       numeric(14,4) NOT NULL CHECK (dispensed >= 0),
    unit            text          NOT NULL,
    status          text          NOT NULL CHECK (status IN ('active', 'on-hold', 'completed', 'cancelled', 'stopped')),
    authored_on     timestamptz   NOT NULL,
    runs_until      timestamptz   NOT NULL,
    substitution_set text         NOT NULL,
    generic_name    text          NOT NULL,
    content         bytea         NOT NULL,
    version         bigint        NOT NULL,
    updated_at      timestamptz   NOT NULL,
    CONSTRAINT prescription_line_number UNIQUE (prescription_id, line),
    CONSTRAINT prescription_line_remaining CHECK (remaining <= quantity)
);
CREATE INDEX prescription_line_updated ON prescription_line (updated_at, id);

COMMENT ON TABLE  prescription_line IS 'One line of a prescription (MedicationRequest)';
COMMENT ON COLUMN prescription_line.id IS 'Id of the MedicationRequest';
COMMENT ON COLUMN prescription_line.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN prescription_line.prescription_id IS 'The prescription';
COMMENT ON COLUMN prescription_line.line IS 'Its number within the prescription, from 1';
COMMENT ON COLUMN prescription_line.identifier IS 'The hospital''s number of the line, rx-line';
COMMENT ON COLUMN prescription_line.drug_code IS 'The prescribed product, nhsa-drug';
COMMENT ON COLUMN prescription_line.product_only IS 'Whether only this product fulfils it';
COMMENT ON COLUMN prescription_line.quantity IS 'Per fill, in preparation units';
COMMENT ON COLUMN prescription_line.remaining IS 'What remains open of the current fill, in preparation units';
COMMENT ON COLUMN prescription_line.dispensed IS 'What was dispensed over all fills, less what was taken back';
COMMENT ON COLUMN prescription_line.unit IS 'The preparation unit';
COMMENT ON COLUMN prescription_line.status IS 'MedicationRequest.status';
COMMENT ON COLUMN prescription_line.authored_on IS 'When it was prescribed';
COMMENT ON COLUMN prescription_line.runs_until IS 'Until when its supply lasts if taken as prescribed';
COMMENT ON COLUMN prescription_line.substitution_set IS 'Generic name, form and strength: what fulfils it by generic name';
COMMENT ON COLUMN prescription_line.generic_name IS 'Generic name, for the check of overlap';
COMMENT ON COLUMN prescription_line.content IS 'The MedicationRequest without what changes, sealed under the document key';
COMMENT ON COLUMN prescription_line.version IS 'meta.versionId';
COMMENT ON COLUMN prescription_line.updated_at IS 'When it last changed';

CREATE TABLE prescription_line_history (
    line_id    uuid          NOT NULL REFERENCES prescription_line,
    version    bigint        NOT NULL,
    status     text          NOT NULL,
    remaining  numeric(14,4) NOT NULL,
    updated_at timestamptz   NOT NULL,
    PRIMARY KEY (line_id, version)
);
COMMENT ON TABLE  prescription_line_history IS 'Every version of a MedicationRequest: what changes in it';
COMMENT ON COLUMN prescription_line_history.line_id IS 'The MedicationRequest';
COMMENT ON COLUMN prescription_line_history.version IS 'Its version';
COMMENT ON COLUMN prescription_line_history.status IS 'Its status in that version';
COMMENT ON COLUMN prescription_line_history.remaining IS 'What remained open in that version';
COMMENT ON COLUMN prescription_line_history.updated_at IS 'When that version came to be';

CREATE TABLE prescription_claim (
    prescription_id uuid        NOT NULL REFERENCES prescription,
    number          integer     NOT NULL,
    pharmacy_id     uuid        NOT NULL,
    claimed_at      timestamptz NOT NULL,
    PRIMARY KEY (prescription_id, number)
);
CREATE INDEX prescription_claim_pharmacy ON prescription_claim (pharmacy_id, prescription_id);
COMMENT ON TABLE  prescription_claim IS 'Which pharmacy holds or held a prescription: what it may read';
COMMENT ON COLUMN prescription_claim.prescription_id IS 'The prescription';
COMMENT ON COLUMN prescription_claim.number IS 'Number of the claim, from 1';
COMMENT ON COLUMN prescription_claim.pharmacy_id IS 'The pharmacy';
COMMENT ON COLUMN prescription_claim.claimed_at IS 'When it claimed';

CREATE TABLE clinical_resource (
    id                uuid        PRIMARY KEY,
    type              text        NOT NULL,
    region            text        NOT NULL,
    prescription_id   uuid        REFERENCES prescription,
    patient_id        uuid        NOT NULL,
    organization_id   uuid        NOT NULL,
    identifier_system text,
    identifier        text,
    status            text,
    started_at        timestamptz,
    document_key      bytea       NOT NULL,
    content           bytea       NOT NULL,
    version           bigint      NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL
);
CREATE INDEX clinical_resource_prescription ON clinical_resource (prescription_id);
CREATE INDEX clinical_resource_patient ON clinical_resource (patient_id, type, updated_at, id);
CREATE INDEX clinical_resource_organization ON clinical_resource (organization_id, type, updated_at, id);
CREATE UNIQUE INDEX clinical_resource_visit ON clinical_resource (organization_id, identifier_system, identifier)
    WHERE type = 'Encounter' AND prescription_id IS NULL;

COMMENT ON TABLE  clinical_resource IS 'The other resources of a document, and visits sent by themselves: Composition, Encounter, Condition, AllergyIntolerance, Observation';
COMMENT ON COLUMN clinical_resource.id IS 'Id of the resource';
COMMENT ON COLUMN clinical_resource.type IS 'Resource type';
COMMENT ON COLUMN clinical_resource.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN clinical_resource.prescription_id IS 'The prescription it came with, null when it was sent by itself';
COMMENT ON COLUMN clinical_resource.patient_id IS 'The patient';
COMMENT ON COLUMN clinical_resource.organization_id IS 'The organization that sent it';
COMMENT ON COLUMN clinical_resource.identifier_system IS 'System of its business identifier';
COMMENT ON COLUMN clinical_resource.identifier IS 'Its business identifier, as the visit number';
COMMENT ON COLUMN clinical_resource.status IS 'Its status';
COMMENT ON COLUMN clinical_resource.started_at IS 'Start of the period, onset or time of the observation';
COMMENT ON COLUMN clinical_resource.document_key IS 'Data key, wrapped by the patient''s key';
COMMENT ON COLUMN clinical_resource.content IS 'The resource as it is sent, sealed under that key';
COMMENT ON COLUMN clinical_resource.version IS 'meta.versionId';
COMMENT ON COLUMN clinical_resource.created_at IS 'When it was accepted';
COMMENT ON COLUMN clinical_resource.updated_at IS 'When it last changed';

CREATE TABLE dispense (
    id                uuid          PRIMARY KEY,
    region            text          NOT NULL,
    prescription_id   uuid          NOT NULL REFERENCES prescription,
    line_id           uuid          NOT NULL REFERENCES prescription_line,
    patient_id        uuid          NOT NULL,
    pharmacy_id       uuid          NOT NULL,
    identifier_system text          NOT NULL,
    identifier        text          NOT NULL,
    content_hash      bytea         NOT NULL,
    claim_number      integer       NOT NULL,
    fill              integer       NOT NULL,
    drug_code         text          NOT NULL,
    quantity          numeric(14,4) NOT NULL CHECK (quantity > 0),
    taken_back        numeric(14,4) NOT NULL DEFAULT 0 CHECK (taken_back >= 0),
    price_fen         bigint        CHECK (price_fen >= 0),
    preparer          text          NOT NULL,
    checker           text          NOT NULL,
    handed_over_at    timestamptz   NOT NULL,
    content           bytea         NOT NULL,
    version           bigint        NOT NULL,
    created_at        timestamptz   NOT NULL,
    updated_at        timestamptz   NOT NULL,
    CONSTRAINT dispense_key UNIQUE (pharmacy_id, identifier_system, identifier),
    CONSTRAINT dispense_taken_back CHECK (taken_back <= quantity),
    CONSTRAINT dispense_two_people CHECK (preparer <> checker)
);
CREATE INDEX dispense_prescription ON dispense (prescription_id);
CREATE INDEX dispense_pharmacy ON dispense (pharmacy_id, updated_at, id);
CREATE INDEX dispense_patient ON dispense (patient_id, updated_at, id);
CREATE INDEX dispense_updated ON dispense (updated_at, id);

COMMENT ON TABLE  dispense IS 'What a pharmacy handed out for one line (MedicationDispense)';
COMMENT ON COLUMN dispense.id IS 'Id of the MedicationDispense';
COMMENT ON COLUMN dispense.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN dispense.prescription_id IS 'The prescription';
COMMENT ON COLUMN dispense.line_id IS 'The line';
COMMENT ON COLUMN dispense.patient_id IS 'The patient';
COMMENT ON COLUMN dispense.pharmacy_id IS 'The pharmacy';
COMMENT ON COLUMN dispense.identifier_system IS 'System of the pharmacy''s own number of this dispense';
COMMENT ON COLUMN dispense.identifier IS 'That number: the same again is the same dispense';
COMMENT ON COLUMN dispense.content_hash IS 'SHA-256 of what was sent';
COMMENT ON COLUMN dispense.claim_number IS 'The claim under which it happened';
COMMENT ON COLUMN dispense.fill IS 'The fill that it belongs to';
COMMENT ON COLUMN dispense.drug_code IS 'The very product, nhsa-drug';
COMMENT ON COLUMN dispense.quantity IS 'In preparation units';
COMMENT ON COLUMN dispense.taken_back IS 'Of these, taken back';
COMMENT ON COLUMN dispense.price_fen IS 'What was charged for the whole line, in 分';
COMMENT ON COLUMN dispense.preparer IS 'Who prepared it';
COMMENT ON COLUMN dispense.checker IS 'Who checked it, another person';
COMMENT ON COLUMN dispense.handed_over_at IS 'When it was handed over, by the pharmacy''s clock';
COMMENT ON COLUMN dispense.content IS 'The MedicationDispense as it is sent, without what changes, sealed under the document key';
COMMENT ON COLUMN dispense.version IS 'meta.versionId';
COMMENT ON COLUMN dispense.created_at IS 'When it was recorded';
COMMENT ON COLUMN dispense.updated_at IS 'When it last changed';

CREATE TABLE take_back (
    pharmacy_id       uuid          NOT NULL,
    identifier_system text          NOT NULL,
    identifier        text          NOT NULL,
    content_hash      bytea         NOT NULL,
    dispense_id       uuid          NOT NULL REFERENCES dispense,
    quantity          numeric(14,4) NOT NULL CHECK (quantity > 0),
    disposition       text          NOT NULL CHECK (disposition IN ('never-left-counter', 'quarantine', 'destroy')),
    reason_code       text,
    reason_text       text,
    created_at        timestamptz   NOT NULL,
    PRIMARY KEY (pharmacy_id, identifier_system, identifier)
);
CREATE INDEX take_back_dispense ON take_back (dispense_id);
COMMENT ON TABLE  take_back IS 'What came back of a dispense';
COMMENT ON COLUMN take_back.pharmacy_id IS 'The pharmacy';
COMMENT ON COLUMN take_back.identifier_system IS 'System of the pharmacy''s own number';
COMMENT ON COLUMN take_back.identifier IS 'That number: the same again is the same take-back';
COMMENT ON COLUMN take_back.content_hash IS 'SHA-256 of what was sent';
COMMENT ON COLUMN take_back.dispense_id IS 'The dispense';
COMMENT ON COLUMN take_back.quantity IS 'In preparation units';
COMMENT ON COLUMN take_back.disposition IS 'What became of it; only what never left the counter may be sold again';
COMMENT ON COLUMN take_back.reason_code IS 'Coded reason, take-back-reason';
COMMENT ON COLUMN take_back.reason_text IS 'Reason as text';
COMMENT ON COLUMN take_back.created_at IS 'When it was recorded';

CREATE TABLE trace_code (
    code       text          PRIMARY KEY,
    drug_code  text          NOT NULL,
    pack       numeric(14,4) NOT NULL CHECK (pack > 0),
    sold       numeric(14,4) NOT NULL CHECK (sold >= 0),
    updated_at timestamptz   NOT NULL,
    CONSTRAINT trace_code_pack CHECK (sold <= pack)
);
COMMENT ON TABLE  trace_code IS 'Packs by their drug trace code (药品追溯码), over the whole platform';
COMMENT ON COLUMN trace_code.code IS 'The trace code';
COMMENT ON COLUMN trace_code.drug_code IS 'The product it was first sold as';
COMMENT ON COLUMN trace_code.pack IS 'Preparation units in the pack';
COMMENT ON COLUMN trace_code.sold IS 'Of these sold, less what came back without having left the counter';
COMMENT ON COLUMN trace_code.updated_at IS 'When it last changed';

CREATE TABLE dispense_trace_code (
    dispense_id uuid          NOT NULL REFERENCES dispense,
    code        text          NOT NULL REFERENCES trace_code,
    quantity    numeric(14,4) NOT NULL CHECK (quantity > 0),
    freed       numeric(14,4) NOT NULL DEFAULT 0 CHECK (freed >= 0),
    PRIMARY KEY (dispense_id, code),
    CONSTRAINT dispense_trace_code_freed CHECK (freed <= quantity)
);
CREATE INDEX dispense_trace_code_code ON dispense_trace_code (code);
COMMENT ON TABLE  dispense_trace_code IS 'What of which pack a dispense handed out';
COMMENT ON COLUMN dispense_trace_code.dispense_id IS 'The dispense';
COMMENT ON COLUMN dispense_trace_code.code IS 'The trace code';
COMMENT ON COLUMN dispense_trace_code.quantity IS 'Preparation units sold under the code';
COMMENT ON COLUMN dispense_trace_code.freed IS 'Of these taken back without having left the counter';

CREATE TABLE resale_suspicion (
    id          uuid        PRIMARY KEY,
    code        text        NOT NULL,
    pharmacy_id uuid        NOT NULL,
    task_id     uuid        NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE INDEX resale_suspicion_created_at ON resale_suspicion (created_at);
COMMENT ON TABLE  resale_suspicion IS 'Attempts to sell a pack a second time (回流药)';
COMMENT ON COLUMN resale_suspicion.id IS 'Id';
COMMENT ON COLUMN resale_suspicion.code IS 'The trace code';
COMMENT ON COLUMN resale_suspicion.pharmacy_id IS 'Who tried';
COMMENT ON COLUMN resale_suspicion.task_id IS 'For which prescription';
COMMENT ON COLUMN resale_suspicion.created_at IS 'When';

CREATE TABLE wrong_pickup_code (
    guesser      text        NOT NULL,
    window_start timestamptz NOT NULL,
    guesses      integer     NOT NULL,
    PRIMARY KEY (guesser, window_start)
);
COMMENT ON TABLE  wrong_pickup_code IS 'Wrong pick-up codes per client and per prescription, to limit guessing';
COMMENT ON COLUMN wrong_pickup_code.guesser IS 'client:… or task:…';
COMMENT ON COLUMN wrong_pickup_code.window_start IS 'Start of the window in which they are counted';
COMMENT ON COLUMN wrong_pickup_code.guesses IS 'How many';
