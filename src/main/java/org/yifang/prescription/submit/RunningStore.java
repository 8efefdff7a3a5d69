package org.yifang.prescription.submit;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectOne;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.generated.Tables.PRESCRIPTION_LINE;
import static org.yifang.platform.data.Database.SQL;

import org.jooq.Condition;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.prescription.life.LineStatus;
import org.yifang.prescription.life.State;
import org.yifang.prescription.life.StateSql;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// What still runs for the patient of a document that is only being checked: for a hospital among
/// its own prescriptions, for a reviewer wherever it comes from, once the document awaits review.
final class RunningStore {
    private static final int NAMES_MOST = 20;

    /// Generic names of the document that another prescription of the patient has running. Waits.
    ///
    /// @param numbers of the document itself
    static List<String> names(
            Database database,
            Caller caller,
            UUID patient,
            Collection<String> numbers,
            Collection<String> names,
            Instant now) {
        var other = PRESCRIPTION.as("other");
        Condition seen =
                caller.is(Role.REVIEWER)
                        ? org.jooq.impl.DSL.exists(
                                selectOne()
                                        .from(PRESCRIPTION)
                                        .where(PRESCRIPTION.PATIENT_ID.eq(patient))
                                        .and(PRESCRIPTION.RX_NUMBER.in(numbers))
                                        .and(
                                                PRESCRIPTION.STATE.eq(
                                                        StateSql.inline(State.AWAITING_REVIEW))))
                        : noCondition().and(other.HOSPITAL_ID.eq(caller.organizationId()));
        List<String> found = new ArrayList<>();
        database.run(
                        SQL.selectDistinct(PRESCRIPTION_LINE.GENERIC_NAME)
                                .from(PRESCRIPTION_LINE)
                                .join(other)
                                .on(other.ID.eq(PRESCRIPTION_LINE.PRESCRIPTION_ID))
                                .where(other.PATIENT_ID.eq(patient))
                                .and(other.RX_NUMBER.notIn(numbers))
                                .and(PRESCRIPTION_LINE.GENERIC_NAME.in(names))
                                .and(PRESCRIPTION_LINE.RUNS_UNTIL.gt(now))
                                .and(
                                        PRESCRIPTION_LINE.STATUS.ne(
                                                inline(LineStatus.CANCELLED.code())))
                                .and(other.STATE.notIn(StateSql.neverFilled()))
                                .and(seen)
                                .limit(inline(NAMES_MOST)))
                .forEach(row -> found.add(Rows.get(row, PRESCRIPTION_LINE.GENERIC_NAME)));
        return found;
    }

    private RunningStore() {}
}
