package org.yifang.audit.question;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Field;
import org.jooq.Table;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/// `AuditEvent/$question`: what auditors ask every month, answered from the views that define it.
final class AuditQuestions {
    private static final int ROWS = 200;
    private static final int ROWS_MOST = 1_000;

    private final Database database;

    AuditQuestions(Database database) {
        this.database = database;
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
        AuditQuestionViews.Question asked = AuditQuestionViews.find(code);
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

    /// The names of all questions.
    static List<String> all() {
        return AuditQuestionViews.all();
    }

    /// Answers a question that there is.
    Answer answer(String code, Instant start, Instant end, int count) {
        return answer(Objects.requireNonNull(AuditQuestionViews.find(code)), start, end, count);
    }

    private static String codes() {
        return all().stream()
                .map(code -> '`' + code + '`')
                .collect(Collectors.joining(", ", "", "."));
    }

    private Answer answer(
            AuditQuestionViews.Question asked, Instant start, Instant end, int count) {
        Table<?> rows = asked.rows().apply(start, end);
        RowSet<Row> found = asked.first(database.forReports(), rows, count + 1);
        List<Row> shown = new ArrayList<>();
        List<UUID> patients = new ArrayList<>();
        List<UUID> tasks = new ArrayList<>();
        for (Row row : found) {
            if (shown.size() < count) {
                shown.add(row);
                touched(rows, row, "patient_id", patients);
                touched(rows, row, "task_id", tasks);
            }
        }
        byte[] answer =
                FhirWriter.parameters(all -> {
                    all.string("definition", asked.view().getComment())
                            .truth("more", found.size() > count);
                    shown.forEach(row -> all.group("row", parts -> row(parts, rows, row)));
                });
        return Answer.ok(answer).touching(patients, tasks);
    }

    private static void touched(Table<?> rows, Row row, String column, List<UUID> into) {
        Field<?> field = rows.field(column);
        if (field != null && Rows.find(row, field) instanceof UUID id) {
            into.add(id);
        }
    }

    private static void row(NamedValues parts, Table<?> rows, Row row) {
        for (Field<?> field : rows.fields()) {
            Object value = Rows.find(row, field);
            if (value != null) {
                part(parts, field.getName(), value);
            }
        }
    }

    private static final Map<String, String> REFERENCES =
            Map.of("id", "AuditEvent/", "patient_id", "Patient/", "task_id", "Task/");

    private static void part(NamedValues parts, String column, Object value) {
        switch (value) {
            case UUID id -> parts.reference(column, REFERENCES.getOrDefault(column, "") + id);
            case Instant at -> parts.instant(column, at);
            case LocalDate day -> parts.date(column, day);
            case Long number -> parts.integer(column, number);
            case Double number -> parts.decimal(column, BigDecimal.valueOf(number));
            default -> parts.string(column, value.toString());
        }
    }
}
