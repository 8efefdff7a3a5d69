-- Every report that was given, of either goal, to be read and listed.

CREATE VIEW measure_report AS
    SELECT given.id,
           result.goal,
           result.plan_id,
           result.final,
           result.verdict,
           result.as_of,
           given.report,
           1::bigint AS version,
           given.created_at
      FROM measure_result result
      JOIN (SELECT id, report, created_at FROM queue_evaluation
            UNION ALL
            SELECT id, report, created_at FROM price_report) given ON given.id = result.report_id;
COMMENT ON VIEW measure_report IS 'Reports that were given, with what each said first';
COMMENT ON COLUMN measure_report.id IS 'Id of the MeasureReport';
COMMENT ON COLUMN measure_report.goal IS 'Id of the Measure';
COMMENT ON COLUMN measure_report.plan_id IS 'The plan it answers';
COMMENT ON COLUMN measure_report.final IS 'Whether it is the plan''s one verdict';
COMMENT ON COLUMN measure_report.verdict IS 'CodeSystem queue-verdict';
COMMENT ON COLUMN measure_report.as_of IS 'What was known up to here counts';
COMMENT ON COLUMN measure_report.report IS 'The MeasureReport as it is sent';
COMMENT ON COLUMN measure_report.version IS 'meta.versionId: a report never changes';
COMMENT ON COLUMN measure_report.created_at IS 'When it was worked out';
