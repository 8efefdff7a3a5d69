package org.yifang.audit.question;

import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
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
        List<Map<String, Object>> found = asked.first(database.forReports(), start, end, count + 1);
        List<Map<String, Object>> shown = found.subList(0, Math.min(count, found.size()));
        byte[] answer =
                FhirWriter.parameters(all -> {
                    all.string("definition", asked.definition())
                            .truth("more", found.size() > count);
                    shown.forEach(row ->
                            all.group(
                                    "row",
                                    parts ->
                                            row.forEach((column, value) ->
                                                    part(parts, column, value))));
                });
        return Answer.ok(answer).touching(ids(shown, "patient_id"), ids(shown, "task_id"));
    }

    private static List<UUID> ids(List<Map<String, Object>> rows, String column) {
        return rows.stream()
                .map(row -> row.get(column))
                .filter(UUID.class::isInstance)
                .map(UUID.class::cast)
                .toList();
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
