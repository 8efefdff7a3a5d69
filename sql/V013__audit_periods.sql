-- The questions that count and compare take a period, so that they read its months only; the views
-- of all time are made of them.

CREATE FUNCTION audit_refusals(first timestamptz, last timestamptz)
RETURNS TABLE (day date, client text, address text, problem text, times bigint)
LANGUAGE sql STABLE AS $$
    SELECT (recorded AT TIME ZONE 'Asia/Shanghai')::date, client, address, problem, sum(times)::bigint
    FROM audit_event
    WHERE outcome <> 0 AND recorded >= first AND recorded < last
    GROUP BY 1, 2, 3, 4
$$;
COMMENT ON FUNCTION audit_refusals IS 'audit_question_refusals of a period';

CREATE OR REPLACE VIEW audit_question_refusals AS
SELECT day, client, address, problem, times FROM audit_refusals('-infinity', 'infinity');

-- Every patient whose data an answer held counts, not only the first.
CREATE FUNCTION audit_many_patients(first timestamptz, last timestamptz)
RETURNS TABLE (day date, role text, client text, person_id text, patients bigint, median double precision)
LANGUAGE sql STABLE AS $$
    WITH counted AS (
        SELECT (e.recorded AT TIME ZONE 'Asia/Shanghai')::date AS day, e.role, e.client, e.person_id,
               count(DISTINCT entity) AS patients
        FROM audit_event e CROSS JOIN LATERAL string_to_table(e.entities, ' ') AS entity
        WHERE e.patient_id IS NOT NULL AND e.person_id IS NOT NULL AND e.outcome = 0
          AND e.recorded >= first AND e.recorded < last
          AND entity LIKE 'Patient/%'
        GROUP BY 1, 2, 3, 4),
    usual AS (
        SELECT day, role, percentile_cont(0.5) WITHIN GROUP (ORDER BY patients) AS median
        FROM counted GROUP BY 1, 2)
    SELECT c.day, c.role, c.client, c.person_id, c.patients, u.median
    FROM counted c JOIN usual u USING (day, role)
    WHERE c.patients >= 20 AND c.patients > 3 * u.median
$$;
COMMENT ON FUNCTION audit_many_patients IS 'audit_question_many_patients of a period';

CREATE OR REPLACE VIEW audit_question_many_patients AS
SELECT day, role, client, person_id, patients, median FROM audit_many_patients('-infinity', 'infinity');
COMMENT ON COLUMN audit_question_many_patients.patients IS 'How many patients, in lists and exports too';

CREATE FUNCTION audit_released_again(first timestamptz, last timestamptz)
RETURNS TABLE (task_id uuid, releases bigint, organizations bigint, first_at timestamptz, last_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT task_id, count(*), count(DISTINCT organization), min(recorded), max(recorded)
    FROM audit_event
    WHERE operation = 'release' AND outcome = 0 AND task_id IS NOT NULL
      AND recorded >= first AND recorded < last
    GROUP BY task_id HAVING count(*) >= 3
$$;
COMMENT ON FUNCTION audit_released_again IS 'audit_question_released_again of a period';

CREATE OR REPLACE VIEW audit_question_released_again AS
SELECT task_id, releases, organizations, first_at, last_at FROM audit_released_again('-infinity', 'infinity');
