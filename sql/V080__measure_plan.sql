-- Plans: a question and the rule that judges its answer, registered before the answer can be known; and every question that was asked.

CREATE TABLE measure_plan (
    id             uuid        PRIMARY KEY,
    region         text        NOT NULL,
    goal           text        NOT NULL CHECK (goal IN ('queue-time-reduction', 'drug-price-change')),
    title          text        NOT NULL,
    baseline_start date        NOT NULL,
    baseline_end   date        NOT NULL CHECK (baseline_end >= baseline_start),
    period_start   date        NOT NULL CHECK (period_start > baseline_end),
    period_end     date        NOT NULL CHECK (period_end >= period_start),
    terms          text        NOT NULL,
    sites          text[]      NOT NULL,
    hash           bytea       NOT NULL UNIQUE CHECK (length(hash) = 32),
    demonstration  boolean     NOT NULL,
    organization   text        NOT NULL,
    registered_by  text        NOT NULL,
    registered_at  timestamptz NOT NULL,
    verdict_at     timestamptz NOT NULL,
    audit_event    uuid,
    CONSTRAINT measure_plan_published CHECK (demonstration OR audit_event IS NOT NULL)
);
CREATE INDEX measure_plan_goal ON measure_plan (goal, registered_at);
COMMENT ON TABLE  measure_plan IS 'Registered plans: what "met" may be said of, never changed';
COMMENT ON COLUMN measure_plan.id IS 'Id of the Measure';
COMMENT ON COLUMN measure_plan.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN measure_plan.goal IS 'Id of the Measure that it is a plan of';
COMMENT ON COLUMN measure_plan.title IS 'What the bureau calls it';
COMMENT ON COLUMN measure_plan.baseline_start IS 'First day of the baseline';
COMMENT ON COLUMN measure_plan.baseline_end IS 'Last day of the baseline, included';
COMMENT ON COLUMN measure_plan.period_start IS 'First day of the period';
COMMENT ON COLUMN measure_plan.period_end IS 'Last day of the period, included';
COMMENT ON COLUMN measure_plan.terms IS 'What the goal needs beside, name=value&… in canonical order';
COMMENT ON COLUMN measure_plan.sites IS 'Numbers of the organizations it speaks of; one star for all of the county';
COMMENT ON COLUMN measure_plan.hash IS 'SHA-256 of the plan''s canonical text';
COMMENT ON COLUMN measure_plan.demonstration IS 'Made up and dated back by the loader of the demonstration';
COMMENT ON COLUMN measure_plan.organization IS 'Number of the bureau that registered it';
COMMENT ON COLUMN measure_plan.registered_by IS 'The client that registered it';
COMMENT ON COLUMN measure_plan.registered_at IS 'When it was registered';
COMMENT ON COLUMN measure_plan.verdict_at IS 'The moment as of which its one verdict is given: 14 days after its period';
COMMENT ON COLUMN measure_plan.audit_event IS 'The AuditEvent that published it';

CREATE FUNCTION measure_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append only', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER measure_plan_append_only BEFORE UPDATE OR DELETE ON measure_plan
    FOR EACH STATEMENT EXECUTE FUNCTION measure_append_only();

CREATE TABLE measure_question (
    goal       text        NOT NULL,
    number     bigint      NOT NULL,
    region     text        NOT NULL,
    key        bytea       NOT NULL CHECK (length(key) = 32),
    question   text        NOT NULL,
    as_of      timestamptz NOT NULL,
    plan_id    uuid        REFERENCES measure_plan,
    asked_at   timestamptz NOT NULL,
    PRIMARY KEY (goal, number),
    CONSTRAINT measure_question_key UNIQUE (goal, key)
);
COMMENT ON TABLE  measure_question IS 'Every question that was asked beside the verdicts of plans, counted: who asks often enough finds anything';
COMMENT ON COLUMN measure_question.goal IS 'Id of the Measure';
COMMENT ON COLUMN measure_question.number IS 'The how-manieth question of that Measure it is';
COMMENT ON COLUMN measure_question.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN measure_question.key IS 'SHA-256 of question and moment: the same asked again is the same question';
COMMENT ON COLUMN measure_question.question IS 'Periods and filters in canonical order';
COMMENT ON COLUMN measure_question.as_of IS 'What was known up to here counts';
COMMENT ON COLUMN measure_question.plan_id IS 'The plan, for a reading of it before its verdict';
COMMENT ON COLUMN measure_question.asked_at IS 'When it was first asked';

CREATE TABLE measure_result (
    report_id   uuid        PRIMARY KEY,
    region      text        NOT NULL,
    goal        text        NOT NULL,
    plan_id     uuid        REFERENCES measure_plan,
    final       boolean     NOT NULL,
    as_of       timestamptz NOT NULL,
    verdict     text        NOT NULL,
    sentence_zh text        NOT NULL,
    sentence_en text        NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE INDEX measure_result_plan ON measure_result (plan_id, as_of) WHERE plan_id IS NOT NULL;
CREATE UNIQUE INDEX measure_result_final ON measure_result (plan_id) WHERE final;
CREATE TRIGGER measure_result_append_only BEFORE UPDATE OR DELETE ON measure_result
    FOR EACH STATEMENT EXECUTE FUNCTION measure_append_only();
COMMENT ON TABLE  measure_result IS 'What each report said first, so that plans are listed with every result, those that failed too';
COMMENT ON COLUMN measure_result.report_id IS 'Id of the MeasureReport';
COMMENT ON COLUMN measure_result.region IS 'GB/T 2260, six digits';
COMMENT ON COLUMN measure_result.goal IS 'Id of the Measure';
COMMENT ON COLUMN measure_result.plan_id IS 'The plan it answers';
COMMENT ON COLUMN measure_result.final IS 'Whether it is the plan''s one verdict';
COMMENT ON COLUMN measure_result.as_of IS 'What was known up to here counts';
COMMENT ON COLUMN measure_result.verdict IS 'CodeSystem queue-verdict';
COMMENT ON COLUMN measure_result.sentence_zh IS 'The sentence in Chinese';
COMMENT ON COLUMN measure_result.sentence_en IS 'The sentence in English';
COMMENT ON COLUMN measure_result.created_at IS 'When it was worked out';
