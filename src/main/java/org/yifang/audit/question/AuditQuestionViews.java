package org.yifang.audit.question;

import static org.yifang.generated.Tables.AUDIT_QUESTION_MANY_PATIENTS;
import static org.yifang.generated.Tables.AUDIT_QUESTION_ODD_HOURS;
import static org.yifang.generated.Tables.AUDIT_QUESTION_OUTSIDE_TREATMENT;
import static org.yifang.generated.Tables.AUDIT_QUESTION_REFUSALS;
import static org.yifang.generated.Tables.AUDIT_QUESTION_RELEASED_AGAIN;
import static org.yifang.generated.Tables.AUDIT_QUESTION_TRACE_CODE_TWICE;
import static org.yifang.generated.Tables.AUDIT_QUESTION_UNMASKING;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.SortField;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.generated.Tables;
import org.yifang.platform.data.Database;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

/// The questions that auditors ask every month, each with the view that defines it.
final class AuditQuestionViews {
    /// One question.
    ///
    /// @param view defines it; its comment is the definition that is answered
    /// @param rows of a period, from the first moment on and before the second
    /// @param order the most telling first
    record Question(
            String code,
            Table<?> view,
            BiFunction<Instant, Instant, Table<?>> rows,
            List<SortField<?>> order) {
        /// The first of `rows`, in their order.
        RowSet<Row> first(Database database, Table<?> rows, int most) {
            return database.run(
                    SQL.select(rows.fields())
                            .from(rows)
                            .orderBy(unqualified(order))
                            .limit(DSL.inline(most)));
        }
    }

    private static final List<Question> QUESTIONS =
            List.of(
                    events("unmasking", AUDIT_QUESTION_UNMASKING),
                    new Question(
                            "refusals",
                            AUDIT_QUESTION_REFUSALS,
                            Tables::AUDIT_REFUSALS,
                            List.of(
                                    AUDIT_QUESTION_REFUSALS.TIMES.desc(),
                                    AUDIT_QUESTION_REFUSALS.DAY.desc())),
                    events("outside-treatment", AUDIT_QUESTION_OUTSIDE_TREATMENT),
                    new Question(
                            "many-patients",
                            AUDIT_QUESTION_MANY_PATIENTS,
                            Tables::AUDIT_MANY_PATIENTS,
                            List.of(
                                    AUDIT_QUESTION_MANY_PATIENTS.PATIENTS.desc(),
                                    AUDIT_QUESTION_MANY_PATIENTS.DAY.desc())),
                    new Question(
                            "released-again",
                            AUDIT_QUESTION_RELEASED_AGAIN,
                            Tables::AUDIT_RELEASED_AGAIN,
                            List.of(
                                    AUDIT_QUESTION_RELEASED_AGAIN.RELEASES.desc(),
                                    AUDIT_QUESTION_RELEASED_AGAIN.LAST_AT.desc())),
                    events("trace-code-twice", AUDIT_QUESTION_TRACE_CODE_TWICE),
                    events("odd-hours", AUDIT_QUESTION_ODD_HOURS));

    /// A view of single events, newest first.
    private static Question events(String code, Table<?> view) {
        Field<Instant> recorded = DSL.field(DSL.name("recorded"), Instant.class);
        Field<UUID> id = DSL.field(DSL.name("id"), UUID.class);
        return new Question(
                code,
                view,
                (start, end) -> {
                    Condition within = recorded.ge(start).and(recorded.lt(end));
                    return SQL.select(view.fields()).from(view).where(within).asTable("asked");
                },
                List.of(id.desc()));
    }

    static @Nullable Question find(@Nullable String code) {
        return QUESTIONS.stream().filter(one -> one.code().equals(code)).findFirst().orElse(null);
    }

    /// The names of all questions.
    static List<String> all() {
        return QUESTIONS.stream().map(Question::code).toList();
    }

    /// Functions have columns of the same names as the views made of them.
    private static List<SortField<?>> unqualified(List<SortField<?>> order) {
        return order.stream()
                .<SortField<?>>map(one -> DSL.field(DSL.name(one.getName())).sort(one.getOrder()))
                .toList();
    }

    private AuditQuestionViews() {}
}
