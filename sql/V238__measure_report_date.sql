-- Reports are searched by the date that stands in them: on prices the moment they are of, on queues the one at which they were
-- worked out, both to the second.
CREATE OR REPLACE VIEW measure_report AS
    SELECT given.id,
           result.goal,
           result.plan_id,
           result.final,
           result.verdict,
           result.as_of,
           given.report,
           1::bigint AS version,
           given.created_at,
           given.date
      FROM measure_result result
      JOIN (SELECT id, report, created_at, date_trunc('second', created_at) AS date FROM queue_evaluation
            UNION ALL
            SELECT id, report, created_at, date_trunc('second', as_of) FROM price_report) given ON given.id = result.report_id;
COMMENT ON COLUMN measure_report.date IS 'MeasureReport.date';
