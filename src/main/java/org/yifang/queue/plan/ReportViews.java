package org.yifang.queue.plan;

import static org.yifang.generated.Tables.MEASURE_REPORT;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.platform.data.Altered;
import org.yifang.platform.data.Rows;

import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/// Reading and searching of the reports that were given, of every goal.
final class ReportViews {
    private static final Field<Boolean> INTACT =
            DSL.when(
                            MEASURE_REPORT.GOAL.eq(DSL.inline("drug-price-change")),
                            isIntact("price_report"))
                    .otherwise(isIntact("queue_evaluation"))
                    .as("intact");

    /// What a dateTime tells is known to the second.
    private static final Field<Instant> SECOND_LATER =
            DSL.field("({0} + interval '999999 microseconds')", Instant.class, MEASURE_REPORT.DATE);

    private static Field<Boolean> isIntact(String table) {
        return DSL.function(
                "audit_row_intact",
                Boolean.class,
                DSL.inline(table),
                MEASURE_REPORT.ID.cast(String.class));
    }

    private static byte[] intact(Row row) {
        if (!Rows.get(row, INTACT)) {
            throw new Altered("The report `" + Rows.get(row, MEASURE_REPORT.ID) + "`");
        }
        return withMeta(
                Rows.get(row, MEASURE_REPORT.REPORT), Rows.get(row, MEASURE_REPORT.CREATED_AT));
    }

    /// A report is kept as it was given, before it had an age.
    private static byte[] withMeta(byte[] report, Instant created) {
        int end = report.length;
        while (report[end - 1] != '}') {
            end--;
        }
        return FhirJson.withTail(
                Arrays.copyOf(report, end), FhirWriter.members(to -> to.meta(1, created)));
    }

    static Stored reports() {
        return Stored.of("MeasureReport", MEASURE_REPORT)
                .visibleToAll(Role.BUREAU, Role.AUDITOR)
                .id(MEASURE_REPORT.ID)
                .version(MEASURE_REPORT.VERSION, MEASURE_REPORT.CREATED_AT)
                .columns(
                        MEASURE_REPORT.ID, MEASURE_REPORT.REPORT, MEASURE_REPORT.CREATED_AT, INTACT)
                .render((row, caller) -> intact(row))
                .search(SearchBy.custom("measure", "reference", ReportViews::measure))
                .search(SearchBy.period("date", MEASURE_REPORT.DATE, SECOND_LATER))
                .search(
                        SearchBy.token(
                                "status",
                                DSL.inline("complete"),
                                "http://hl7.org/fhir/measure-report-status"));
    }

    /// A goal or a plan, by id, reference or canonical.
    private static Condition measure(String value) {
        String last = value.substring(value.lastIndexOf('/') + 1);
        String id = last.contains("|") ? last.substring(0, last.indexOf('|')) : last;
        try {
            return MEASURE_REPORT.PLAN_ID.eq(UUID.fromString(id));
        } catch (IllegalArgumentException goal) {
            return MEASURE_REPORT.GOAL.eq(id);
        }
    }

    private ReportViews() {}
}
