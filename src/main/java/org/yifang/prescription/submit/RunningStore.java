package org.yifang.prescription.submit;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.selectOne;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.generated.Tables.PRESCRIPTION_LINE;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.Condition;
import org.jooq.Field;
import org.yifang.fhir.SqlCaller;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.prescription.life.LineStatus;
import org.yifang.prescription.life.PrescriptionViews;
import org.yifang.prescription.life.SightViews;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// What still runs for the patient of a document that is only being checked: for a hospital among
/// its own prescriptions, for a reviewer wherever it comes from, once the document awaits its
/// review.
final class RunningStore {
    private static final int NAMES_MOST = 50;

    /// What another prescription of the patient has running.
    ///
    /// @param until the last moment for which any of it was prescribed
    record Running(String name, Instant until) {}

    /// Drugs by their generic names, each once. Waits.
    ///
    /// @param numbers of the document itself
    static List<Running> all(
            Database database,
            Caller caller,
            UUID patient,
            Collection<String> numbers,
            Instant now) {
        SqlCaller who = SqlCaller.is(caller, now);
        Condition seen =
                caller.is(Role.REVIEWER)
                        ? exists(
                                selectOne()
                                        .from(PRESCRIPTION)
                                        .where(PRESCRIPTION.PATIENT_ID.eq(patient))
                                        .and(PRESCRIPTION.RX_NUMBER.in(numbers))
                                        .and(SightViews.awaitsReviewBy(who)))
                        : SightViews.issued(who);
        Field<Instant> until = max(PRESCRIPTION_LINE.RUNS_UNTIL).as("until");
        List<Running> found = new ArrayList<>();
        database.run(
                        SQL.select(PRESCRIPTION_LINE.GENERIC_NAME, until)
                                .from(PRESCRIPTION_LINE)
                                .join(PRESCRIPTION)
                                .on(PRESCRIPTION.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                                .where(PRESCRIPTION.PATIENT_ID.eq(patient))
                                .and(PRESCRIPTION.RX_NUMBER.notIn(numbers))
                                .and(PRESCRIPTION_LINE.RUNS_UNTIL.gt(now))
                                .and(
                                        PRESCRIPTION_LINE.STATUS.ne(
                                                inline(LineStatus.CANCELLED.code())))
                                .and(PRESCRIPTION.STATE.notIn(PrescriptionViews.neverFilled()))
                                .and(seen)
                                .groupBy(PRESCRIPTION_LINE.GENERIC_NAME)
                                .orderBy(PRESCRIPTION_LINE.GENERIC_NAME)
                                .limit(inline(NAMES_MOST)))
                .forEach(row ->
                        found.add(
                                new Running(
                                        Rows.get(row, PRESCRIPTION_LINE.GENERIC_NAME),
                                        Rows.get(row, until))));
        return found;
    }

    private RunningStore() {}
}
