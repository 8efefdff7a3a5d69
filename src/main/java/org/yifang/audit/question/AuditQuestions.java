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

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.SortField;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.generated.Tables;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/// `AuditEvent/$question`: what auditors ask every month, answered from the views that define it.
final class AuditQuestions {
    private static final int ROWS = 200;
    private static final int ROWS_MOST = 1_000;

    /// One question.
    ///
    /// @param view defines it; its comment is the definition that is answered
    /// @param rows of a period, from the first moment on and before the second
    /// @param order the most telling first
    private record Question(
            String code,
            Table<?> view,
            BiFunction<Instant, Instant, Table<?>> rows,
            List<SortField<?>> order) {}

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

    private final Database database;

    AuditQuestions(Database database) {
        this.database = database;
    }

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

    void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.type("question", "AuditEvent")
                        .roles(Role.AUDITOR)
                        .reads()
                        .handler(this::answer));
    }

    private Answer answer(Exchange exchange) {
        Inputs in = exchange.inputs();
        String code = in.code("question");
        Instant start = in.instant("start");
        Instant end = in.findInstant("end");
        Integer count = in.findInteger("count");
        Question asked = find(code);
        if (asked == null) {
            in.refuse("question", "There is no question `" + code + "`.", "Ask one of " + codes());
        }
        if (count != null && (count < 1 || count > ROWS_MOST)) {
            in.refuse("count", "`" + count + "` rows.", "Ask for 1 to " + ROWS_MOST + ".");
        }
        in.done();
        if (asked == null) {
            throw new IllegalStateException("refused above");
        }
        Instant before = end == null ? exchange.now().plusMillis(1) : end;
        return answer(asked, start, before, count == null ? ROWS : count);
    }

    private static @Nullable Question find(@Nullable String code) {
        return QUESTIONS.stream().filter(one -> one.code().equals(code)).findFirst().orElse(null);
    }

    /// The names of all questions.
    static List<String> all() {
        return QUESTIONS.stream().map(Question::code).toList();
    }

    /// Answers a question that there is.
    Answer answer(String code, Instant start, Instant end, int count) {
        return answer(Objects.requireNonNull(find(code)), start, end, count);
    }

    private static String codes() {
        return all().stream()
                .map(code -> '`' + code + '`')
                .collect(Collectors.joining(", ", "", "."));
    }

    private Answer answer(Question asked, Instant start, Instant end, int count) {
        Table<?> rows = asked.rows().apply(start, end);
        RowSet<Row> found =
                database.run(
                        SQL.select(rows.fields())
                                .from(rows)
                                .orderBy(unqualified(asked.order()))
                                .limit(DSL.inline(count + 1)));
        Parameters parameters = new Parameters();
        parameters.addParameter("definition", new StringType(asked.view().getComment()));
        parameters.addParameter("more", new BooleanType(found.size() > count));
        List<UUID> patients = new ArrayList<>();
        List<UUID> tasks = new ArrayList<>();
        int left = count;
        for (Row row : found) {
            if (left-- == 0) {
                break;
            }
            ParametersParameterComponent answer = parameters.addParameter().setName("row");
            for (Field<?> field : rows.fields()) {
                Object value = Rows.find(row, field);
                if (value == null) {
                    continue;
                }
                answer.addPart().setName(field.getName()).setValue(fhir(field.getName(), value));
                if (field.getName().equals("patient_id")) {
                    patients.add((UUID) value);
                } else if (field.getName().equals("task_id")) {
                    tasks.add((UUID) value);
                }
            }
        }
        return Answer.ok(parameters).touching(patients, tasks);
    }

    /// Functions have columns of the same names as the views made of them.
    private static List<SortField<?>> unqualified(List<SortField<?>> order) {
        return order.stream()
                .<SortField<?>>map(one -> DSL.field(DSL.name(one.getName())).sort(one.getOrder()))
                .toList();
    }

    private static final Map<String, String> REFERENCES =
            Map.of("id", "AuditEvent/", "patient_id", "Patient/", "task_id", "Task/");

    private static Type fhir(String column, Object value) {
        return switch (value) {
            case UUID id -> new Reference(REFERENCES.getOrDefault(column, "") + id);
            case Instant at -> new InstantType(Date.from(at));
            case LocalDate day -> new DateType(day.toString());
            case Long number -> new IntegerType(Math.toIntExact(number));
            case Double number -> new DecimalType(number);
            default -> new StringType(value.toString());
        };
    }
}
