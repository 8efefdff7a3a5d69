package org.yifang.audit.question;

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
import org.jooq.Field;
import org.jooq.Table;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
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
