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

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.SortField;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.generated.Tables;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        /// What it means.
        String definition() {
            return view.getComment();
        }

        /// The first rows of a period, in their order: each the values of its columns by their
        /// names, without those that are null.
        List<Map<String, Object>> first(Database database, Instant start, Instant end, int most) {
            Table<?> asked = rows.apply(start, end);
            List<Map<String, Object>> first = new ArrayList<>();
            for (Row row :
                    database.run(
                            SQL.select(asked.fields())
                                    .from(asked)
                                    .orderBy(unqualified(order))
                                    .limit(DSL.inline(most)))) {
                Map<String, Object> values = new LinkedHashMap<>();
                for (Field<?> column : asked.fields()) {
                    Object value = Rows.find(row, column);
                    if (value != null) {
                        values.put(column.getName(), value);
                    }
                }
                first.add(values);
            }
            return first;
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
