-- Prices and stock of the pharmacies, what was shown to patients and what was really charged.

CREATE TABLE price_event (
    id               uuid          PRIMARY KEY,
    region           text          NOT NULL,
    pharmacy_id      uuid          NOT NULL,
    drug_code        text          NOT NULL,
    substitution_set text          NOT NULL,
    price_fen        bigint        NOT NULL CHECK (price_fen > 0),
    pack_units       integer       NOT NULL CHECK (pack_units > 0),
    price_type       text          NOT NULL CHECK (price_type IN ('purchase', 'hospital_sale', 'retail', 'vbp', 'online')),
    patient_pays_fen bigint        CHECK (patient_pays_fen >= 0),
    patient_basis    text          NOT NULL CHECK (patient_basis IN ('settled', 'estimate', 'unknown')),
    observed_at      timestamptz   NOT NULL,
    received_at      timestamptz   NOT NULL,
    source           text          NOT NULL CHECK (source IN ('import', 'fhir', 'pulled', 'demonstration')),
    origin           text          NOT NULL,
    status           text          NOT NULL CHECK (status IN ('accepted', 'held')),
    flags            text          NOT NULL,
    evidence         text          NOT NULL,
    CONSTRAINT price_event_repeated UNIQUE (pharmacy_id, drug_code, observed_at, price_fen, price_type),
    CONSTRAINT price_event_patient CHECK ((patient_basis = 'unknown') = (patient_pays_fen IS NULL))
);
CREATE INDEX price_event_history ON price_event (pharmacy_id, drug_code, observed_at);
CREATE INDEX price_event_held ON price_event (received_at, id) WHERE status = 'held';

COMMENT ON TABLE  price_event IS 'Every price that a pharmacy ever told, append-only; what is shown follows from these and from the decisions on held ones';
COMMENT ON COLUMN price_event.id               IS 'UUIDv7';
COMMENT ON COLUMN price_event.region           IS 'GB/T 2260 division of the pharmacy';
COMMENT ON COLUMN price_event.pharmacy_id      IS 'The organization that sells';
COMMENT ON COLUMN price_event.drug_code        IS 'The product in its pack, nhsa-drug';
COMMENT ON COLUMN price_event.substitution_set IS 'The substitution set of the product when the price was told';
COMMENT ON COLUMN price_event.price_fen        IS 'Price of one pack in fen, discounts taken off';
COMMENT ON COLUMN price_event.pack_units       IS 'Preparation units in the pack';
COMMENT ON COLUMN price_event.price_type       IS 'Which kind of price it is';
COMMENT ON COLUMN price_event.patient_pays_fen IS 'What an insured patient pays for one pack, where the pharmacy says it';
COMMENT ON COLUMN price_event.patient_basis    IS 'Whether that is settled, estimated or unknown';
COMMENT ON COLUMN price_event.observed_at      IS 'When the price was true, by the clock of its source';
COMMENT ON COLUMN price_event.received_at      IS 'When it reached us, by our clock';
COMMENT ON COLUMN price_event.source           IS 'How it came';
COMMENT ON COLUMN price_event.origin           IS 'Request, file and line that it came with';
COMMENT ON COLUMN price_event.status           IS 'held: an outlier, shown only after a decision';
COMMENT ON COLUMN price_event.flags            IS 'What stood out, comma-separated: change, level';
COMMENT ON COLUMN price_event.evidence         IS 'The figures that the verdict rests on';

CREATE TABLE price_decision (
    event_id   uuid        PRIMARY KEY REFERENCES price_event,
    region     text        NOT NULL,
    decision   text        NOT NULL CHECK (decision IN ('released', 'refused')),
    decided_by text        NOT NULL,
    reason     text        NOT NULL,
    decided_at timestamptz NOT NULL
);
COMMENT ON TABLE  price_decision IS 'What became of a held price';
COMMENT ON COLUMN price_decision.event_id   IS 'The held price';
COMMENT ON COLUMN price_decision.region     IS 'GB/T 2260 division of the pharmacy';
COMMENT ON COLUMN price_decision.decision   IS 'released: shown from now on; refused: never shown';
COMMENT ON COLUMN price_decision.decided_by IS 'Client and person who decided, or the receipt that proved the price';
COMMENT ON COLUMN price_decision.reason     IS 'Why';
COMMENT ON COLUMN price_decision.decided_at IS 'When';

CREATE FUNCTION price_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER price_event_append_only BEFORE UPDATE OR DELETE ON price_event
    FOR EACH STATEMENT EXECUTE FUNCTION price_append_only();
CREATE TRIGGER price_decision_append_only BEFORE UPDATE OR DELETE ON price_decision
    FOR EACH STATEMENT EXECUTE FUNCTION price_append_only();

CREATE TABLE offer (
    id               uuid          PRIMARY KEY,
    region           text          NOT NULL,
    pharmacy_id      uuid          NOT NULL,
    pharmacy         text          NOT NULL,
    location_id      uuid,
    drug_code        text          NOT NULL,
    substitution_set text          NOT NULL,
    pack_unit        text          NOT NULL,
    pack_units       integer       NOT NULL CHECK (pack_units > 0),
    event_id         uuid          REFERENCES price_event,
    price_fen        bigint        CHECK (price_fen > 0),
    price_type       text          CHECK (price_type IN ('purchase', 'hospital_sale', 'retail', 'vbp', 'online')),
    patient_pays_fen bigint        CHECK (patient_pays_fen >= 0),
    patient_basis    text          NOT NULL CHECK (patient_basis IN ('settled', 'estimate', 'unknown')),
    observed_at      timestamptz,
    source           text,
    last_change      double precision NOT NULL DEFAULT 0,
    stock            numeric(12,3) CHECK (stock >= 0),
    reserved         numeric(12,3) NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    stock_observed_at timestamptz,
    version          bigint        NOT NULL,
    created_at       timestamptz   NOT NULL,
    updated_at       timestamptz   NOT NULL,
    CONSTRAINT offer_key UNIQUE (pharmacy_id, drug_code),
    CONSTRAINT offer_priced CHECK ((price_fen IS NULL) = (event_id IS NULL)),
    CONSTRAINT offer_stocked CHECK ((stock IS NULL) = (stock_observed_at IS NULL))
);
CREATE INDEX offer_substitution_set ON offer (substitution_set);
CREATE INDEX offer_updated ON offer (updated_at, id);

COMMENT ON TABLE  offer IS 'The price in force and the stock of each pack in each pharmacy: the projection of the events';
COMMENT ON COLUMN offer.id                IS 'Id of the ChargeItemDefinition and of the stock Observation';
COMMENT ON COLUMN offer.region            IS 'GB/T 2260 division of the pharmacy';
COMMENT ON COLUMN offer.pharmacy_id       IS 'The organization that sells';
COMMENT ON COLUMN offer.pharmacy          IS 'Its number, nhsa-org';
COMMENT ON COLUMN offer.location_id       IS 'Its counter';
COMMENT ON COLUMN offer.drug_code         IS 'The product in its pack, nhsa-drug';
COMMENT ON COLUMN offer.substitution_set  IS 'Generic name, form and strength';
COMMENT ON COLUMN offer.pack_unit         IS 'What is sold';
COMMENT ON COLUMN offer.pack_units        IS 'Preparation units in the pack';
COMMENT ON COLUMN offer.event_id          IS 'The price in force; null while the first one is held';
COMMENT ON COLUMN offer.price_fen         IS 'Price of one pack in fen';
COMMENT ON COLUMN offer.price_type        IS 'Which kind of price it is';
COMMENT ON COLUMN offer.patient_pays_fen  IS 'What an insured patient pays for one pack, where the pharmacy says it';
COMMENT ON COLUMN offer.patient_basis     IS 'Whether that is settled, estimated or unknown';
COMMENT ON COLUMN offer.observed_at       IS 'When the price was last observed or sold at';
COMMENT ON COLUMN offer.source            IS 'How it came; dispense when last sold at';
COMMENT ON COLUMN offer.last_change       IS 'Log change of the unit price at its last change, against which new changes are judged';
COMMENT ON COLUMN offer.stock             IS 'Packs on hand as last told, less what was sold since; null when never told';
COMMENT ON COLUMN offer.reserved          IS 'Packs held for prescriptions';
COMMENT ON COLUMN offer.stock_observed_at IS 'When the stock was last told or changed by a sale';
COMMENT ON COLUMN offer.version           IS 'Counts the changes, from 1';
COMMENT ON COLUMN offer.created_at        IS 'When it was first told';
COMMENT ON COLUMN offer.updated_at        IS 'When it last changed';

-- Comparisons keep the offers of a substitution set in memory; the number tells when to read anew.
CREATE SEQUENCE offer_change;
CREATE TABLE offer_set (
    substitution_set text   PRIMARY KEY,
    change           bigint NOT NULL
);
COMMENT ON TABLE  offer_set IS 'When the offers of a substitution set last changed, so that a copy in memory knows its age';
COMMENT ON COLUMN offer_set.substitution_set IS 'Generic name, form and strength';
COMMENT ON COLUMN offer_set.change           IS 'Grows with every change of an offer of the set';

CREATE FUNCTION offer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO offer_set AS s (substitution_set, change)
    SELECT sets.substitution_set, nextval('offer_change')
    FROM (SELECT DISTINCT substitution_set FROM changed ORDER BY 1) AS sets
    ON CONFLICT (substitution_set) DO UPDATE SET change = EXCLUDED.change;
    RETURN NULL;
END
$$;
CREATE TRIGGER offer_inserted AFTER INSERT ON offer REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION offer_changed();
CREATE TRIGGER offer_updated AFTER UPDATE ON offer REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION offer_changed();

CREATE TABLE stock_hold (
    id          uuid          PRIMARY KEY,
    region      text          NOT NULL,
    task_id     uuid          NOT NULL,
    offer_id    uuid          NOT NULL REFERENCES offer,
    line_id     uuid          NOT NULL,
    packs       numeric(12,3) NOT NULL CHECK (packs > 0),
    held_until  timestamptz   NOT NULL,
    created_at  timestamptz   NOT NULL,
    CONSTRAINT stock_hold_once UNIQUE (task_id, line_id)
);
CREATE INDEX stock_hold_until ON stock_hold (held_until);
CREATE INDEX stock_hold_offer ON stock_hold (offer_id);
COMMENT ON TABLE  stock_hold IS 'Packs kept for a patient who has chosen a pharmacy; gone when sold, freed or over';
COMMENT ON COLUMN stock_hold.id         IS 'UUIDv7';
COMMENT ON COLUMN stock_hold.region     IS 'GB/T 2260 division of the pharmacy';
COMMENT ON COLUMN stock_hold.task_id    IS 'The prescription';
COMMENT ON COLUMN stock_hold.offer_id   IS 'Which pack where';
COMMENT ON COLUMN stock_hold.line_id    IS 'Line of the prescription: its MedicationRequest';
COMMENT ON COLUMN stock_hold.packs      IS 'How many packs';
COMMENT ON COLUMN stock_hold.held_until IS 'When they are free again';
COMMENT ON COLUMN stock_hold.created_at IS 'When they were held';

CREATE TABLE price_shown (
    id          uuid        PRIMARY KEY,
    region      text        NOT NULL,
    task_id     uuid        NOT NULL,
    caller      text        NOT NULL,
    shown_order text        NOT NULL,
    shown_at    timestamptz NOT NULL
);
CREATE INDEX price_shown_task ON price_shown (task_id, shown_at);
COMMENT ON TABLE  price_shown IS 'Every comparison that was shown, with the order of the pharmacies: nobody is favoured unseen';
COMMENT ON COLUMN price_shown.id          IS 'UUIDv7';
COMMENT ON COLUMN price_shown.region      IS 'GB/T 2260 division';
COMMENT ON COLUMN price_shown.task_id     IS 'The prescription';
COMMENT ON COLUMN price_shown.caller      IS 'Client that asked';
COMMENT ON COLUMN price_shown.shown_order IS 'Options in the order shown, kind and pharmacies';
COMMENT ON COLUMN price_shown.shown_at    IS 'When';

CREATE TABLE price_shown_line (
    shown_id    uuid        NOT NULL REFERENCES price_shown,
    task_id     uuid        NOT NULL,
    pharmacy_id uuid        NOT NULL,
    drug_code   text        NOT NULL,
    price_fen   bigint      NOT NULL,
    pack_units  integer     NOT NULL,
    shown_at    timestamptz NOT NULL,
    PRIMARY KEY (shown_id, pharmacy_id, drug_code)
);
CREATE INDEX price_shown_line_last ON price_shown_line (task_id, pharmacy_id, drug_code, shown_at);
COMMENT ON TABLE  price_shown_line IS 'The price of each pack as it was shown';
COMMENT ON COLUMN price_shown_line.shown_id    IS 'The comparison';
COMMENT ON COLUMN price_shown_line.task_id     IS 'The prescription';
COMMENT ON COLUMN price_shown_line.pharmacy_id IS 'Where';
COMMENT ON COLUMN price_shown_line.drug_code   IS 'Which pack';
COMMENT ON COLUMN price_shown_line.price_fen   IS 'Price of one pack in fen';
COMMENT ON COLUMN price_shown_line.pack_units  IS 'Preparation units in the pack';
COMMENT ON COLUMN price_shown_line.shown_at    IS 'When';

CREATE TABLE sale (
    id               uuid          PRIMARY KEY,
    region           text          NOT NULL,
    kind             text          NOT NULL CHECK (kind IN ('dispense', 'take-back', 'history')),
    key              text          NOT NULL UNIQUE,
    task_id          uuid,
    pharmacy_id      uuid          NOT NULL,
    in_house         boolean       NOT NULL,
    drug_code        text          NOT NULL,
    substitution_set text          NOT NULL,
    quantity         numeric(16,4) NOT NULL,
    value_fen        bigint        NOT NULL,
    daily_doses      numeric(16,6) CHECK (daily_doses > 0),
    sold_from        date          NOT NULL,
    sold_to          date          NOT NULL,
    recorded_at      timestamptz   NOT NULL,
    shown_fen        bigint,
    shown_at         timestamptz,
    honoured         boolean,
    reference_fen    bigint,
    file_hash        bytea,
    recorded_by      text          NOT NULL,
    CONSTRAINT sale_span CHECK (sold_from <= sold_to),
    CONSTRAINT sale_sign CHECK (CASE kind WHEN 'take-back' THEN quantity < 0 AND value_fen <= 0
                                          ELSE quantity > 0 AND value_fen >= 0 END),
    CONSTRAINT sale_history CHECK ((kind = 'history') = (file_hash IS NOT NULL)),
    CONSTRAINT sale_shown CHECK ((shown_fen IS NULL) = (shown_at IS NULL) AND (shown_fen IS NULL) = (honoured IS NULL))
);
CREATE INDEX sale_sold ON sale (sold_from, sold_to);
CREATE INDEX sale_pharmacy ON sale (pharmacy_id, recorded_at) WHERE honoured IS NOT NULL;
CREATE INDEX sale_task ON sale (task_id) WHERE task_id IS NOT NULL;
CREATE TRIGGER sale_append_only BEFORE UPDATE OR DELETE ON sale
    FOR EACH STATEMENT EXECUTE FUNCTION price_append_only();
COMMENT ON TABLE  sale IS 'What was really paid: dispenses, take-backs and imported past sales, append-only; the index is reckoned from it';
COMMENT ON COLUMN sale.id               IS 'UUIDv7';
COMMENT ON COLUMN sale.region           IS 'GB/T 2260 division of the pharmacy';
COMMENT ON COLUMN sale.kind             IS 'history: a month of one product in an imported file, named as such in every report';
COMMENT ON COLUMN sale.key              IS 'Names the sale, so that it is recorded once';
COMMENT ON COLUMN sale.task_id          IS 'The prescription; null for history';
COMMENT ON COLUMN sale.pharmacy_id      IS 'Who sold';
COMMENT ON COLUMN sale.in_house         IS 'Whether it is a hospital''s own pharmacy: outlets of one kind are compared';
COMMENT ON COLUMN sale.drug_code        IS 'The product';
COMMENT ON COLUMN sale.substitution_set IS 'Its substitution set when it was recorded';
COMMENT ON COLUMN sale.quantity         IS 'Preparation units; negative for a take-back';
COMMENT ON COLUMN sale.value_fen        IS 'What was charged, before insurance; not above 0 for a take-back';
COMMENT ON COLUMN sale.daily_doses      IS 'Defined daily doses in one preparation unit when it was recorded; null when the drug has none';
COMMENT ON COLUMN sale.sold_from        IS 'Shanghai day of the sale, or first of the month';
COMMENT ON COLUMN sale.sold_to          IS 'The same day, or last of the month';
COMMENT ON COLUMN sale.recorded_at      IS 'When we knew of it; a report as of an earlier moment leaves it out';
COMMENT ON COLUMN sale.shown_fen        IS 'What the patient was last shown for this quantity within 24 hours before';
COMMENT ON COLUMN sale.shown_at         IS 'When that was';
COMMENT ON COLUMN sale.honoured         IS 'Whether no more was charged than shown';
COMMENT ON COLUMN sale.reference_fen    IS 'What the quantity costs at the county''s median unit price of that moment';
COMMENT ON COLUMN sale.file_hash        IS 'SHA-256 of the imported file';
COMMENT ON COLUMN sale.recorded_by      IS 'Client that reported it';

CREATE TABLE price_report (
    id         uuid        PRIMARY KEY,
    region     text        NOT NULL,
    query      text        NOT NULL UNIQUE,
    seed       bigint      NOT NULL,
    as_of      timestamptz NOT NULL,
    report     bytea       NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TRIGGER price_report_append_only BEFORE UPDATE OR DELETE ON price_report
    FOR EACH STATEMENT EXECUTE FUNCTION price_append_only();
COMMENT ON TABLE  price_report IS 'Reports on prices as they were given: the same question as of the same moment has one answer';
COMMENT ON COLUMN price_report.id         IS 'Id of the MeasureReport, reckoned from the question';
COMMENT ON COLUMN price_report.region     IS 'GB/T 2260 division of this platform';
COMMENT ON COLUMN price_report.query      IS 'Periods, filters and moment';
COMMENT ON COLUMN price_report.seed       IS 'Seed of the interval';
COMMENT ON COLUMN price_report.as_of      IS 'Sales recorded later are not in it';
COMMENT ON COLUMN price_report.report     IS 'The MeasureReport as JSON';
COMMENT ON COLUMN price_report.created_at IS 'When it was reckoned';

CREATE TABLE swap_judgement (
    id         uuid        PRIMARY KEY,
    one        text        NOT NULL,
    other      text        NOT NULL,
    verdict    text        NOT NULL CHECK (verdict IN ('equivalent', 'parted', 'withdrawn')),
    approver   text        NOT NULL,
    judged_on  date        NOT NULL,
    reason     text        NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TRIGGER swap_judgement_append_only BEFORE UPDATE OR DELETE ON swap_judgement
    FOR EACH STATEMENT EXECUTE FUNCTION price_append_only();
COMMENT ON TABLE  swap_judgement IS 'What pharmacists hold for really equivalent, and what not; the newest of a pair is in force';
COMMENT ON COLUMN swap_judgement.id         IS 'UUIDv7, in the order of the judgements';
COMMENT ON COLUMN swap_judgement.one        IS 'Substitution set, or drug code for an exclusion';
COMMENT ON COLUMN swap_judgement.other      IS 'As one';
COMMENT ON COLUMN swap_judgement.verdict    IS 'equivalent joins two substitution sets, parted keeps two products of one set apart, withdrawn ends either';
COMMENT ON COLUMN swap_judgement.approver   IS 'Staff number of who decided';
COMMENT ON COLUMN swap_judgement.judged_on  IS 'The day it was decided';
COMMENT ON COLUMN swap_judgement.reason     IS 'Why';
COMMENT ON COLUMN swap_judgement.created_at IS 'When it was recorded';

CREATE TABLE price_feed (
    pharmacy_id uuid        PRIMARY KEY,
    region      text        NOT NULL,
    url         text        NOT NULL,
    every_minutes integer   NOT NULL CHECK (every_minutes BETWEEN 5 AND 1440),
    etag        text,
    failures    integer     NOT NULL DEFAULT 0,
    outcome     text,
    next_at     timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
CREATE INDEX price_feed_next ON price_feed (next_at);
COMMENT ON TABLE  price_feed IS 'Addresses at which pharmacies lay out their prices to be fetched';
COMMENT ON COLUMN price_feed.pharmacy_id   IS 'Whose prices';
COMMENT ON COLUMN price_feed.region        IS 'GB/T 2260 division of the pharmacy';
COMMENT ON COLUMN price_feed.url           IS 'Where they lie, CSV or NDJSON as for $import-offers';
COMMENT ON COLUMN price_feed.every_minutes IS 'How often they are fetched';
COMMENT ON COLUMN price_feed.etag          IS 'What was fetched last';
COMMENT ON COLUMN price_feed.failures      IS 'Fetches that failed since the last good one';
COMMENT ON COLUMN price_feed.outcome       IS 'What the last fetch did, for the bureau';
COMMENT ON COLUMN price_feed.next_at       IS 'When it is fetched next';
COMMENT ON COLUMN price_feed.updated_at    IS 'When the row last changed';
