package org.yifang.audit.question;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.Samples;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.Answer;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Each ready question finds what it is about, and not what only looks like it.
final class ReadyQuestionsTest {
    private static final Vertx VERTX = Vertx.vertx();

    private final Database database = new Database(VERTX, TestDatabase.migrated(), 2);
    private Instant now = Instant.parse("2026-03-02T02:00:00Z");
    private final Audit audit = new Audit(database, Samples.SEAL, new Uuid7(() -> now), "421281");

    @AfterAll
    static void close() {
        VERTX.close().await();
    }

    private static Caller caller(Role role, String person, @Nullable String purpose) {
        return new Caller(
                role.code() + "-1",
                role,
                new UUID(7, 7),
                "P42128100001",
                List.of(),
                List.of(),
                null,
                new Caller.Person(person, null, null, null, purpose),
                "192.0.2.1",
                "r",
                "en");
    }

    private void did(
            Caller caller,
            String name,
            @Nullable ProblemCode problem,
            List<UUID> patients,
            UUID... tasks) {
        audit.record(Access.operation(caller, name, 'E', problem, patients, List.of(tasks), null));
    }

    private static List<UUID> patients(int count) {
        return Stream.generate(UUID::randomUUID).limit(count).toList();
    }

    private List<String> ask(String sql) {
        List<String> rows = new ArrayList<>();
        for (Row row : database.run(Database.SQL.resultQuery(sql))) {
            List<String> values = new ArrayList<>();
            IntStream.range(0, row.size()).forEach(i -> values.add("" + row.getValue(i)));
            rows.add(String.join(" ", values));
        }
        return rows;
    }

    @Test
    void unmaskings() {
        did(caller(Role.AUDITOR, "S1", "HLEGAL"), "unmask", null, patients(1));
        did(caller(Role.AUDITOR, "S2", "HLEGAL"), "read", null, patients(1));
        assertThat(ask("select person_id, purpose from audit_question_unmasking"))
                .containsExactly("S1 HLEGAL");
    }

    @Test
    void refusals_by_client_day_and_problem_in_shanghai() {
        Caller pharmacy = caller(Role.PHARMACY, "S1", "TREAT");
        now = Instant.parse("2026-03-02T15:59:59Z");
        did(pharmacy, "claim", ProblemCode.WRONG_PICKUP_CODE, List.of());
        did(pharmacy, "claim", ProblemCode.WRONG_PICKUP_CODE, List.of());
        now = Instant.parse("2026-03-02T16:00:00Z");
        did(pharmacy, "claim", ProblemCode.WRONG_PICKUP_CODE, List.of());
        did(pharmacy, "claim", null, List.of());
        assertThat(
                        ask(
                                "select day, client, address, problem, times"
                                        + " from audit_question_refusals order by day"))
                .containsExactly(
                        "2026-03-02 pharmacy-1 192.0.2.1 RX-2013 2",
                        "2026-03-03 pharmacy-1 192.0.2.1 RX-2013 1");
        assertThat(
                        ask(
                                "select times from audit_refusals("
                                        + "'2026-03-02T15:59:59Z', '2026-03-02T16:00:00Z')"))
                .as("the end of a period is not in it")
                .containsExactly("2");
    }

    @Test
    void reads_outside_treatment_are_those_of_other_purposes_and_of_none() {
        did(caller(Role.PHARMACY, "S1", "TREAT"), "read", null, patients(1));
        did(caller(Role.PHARMACY, "S2", "HMARKT"), "read", null, patients(1));
        did(caller(Role.HOSPITAL, "S3", null), "read", null, patients(1));
        did(caller(Role.HOSPITAL, "S4", null), "read", null, List.of());
        did(caller(Role.AUDITOR, "S5", "HLEGAL"), "read", null, patients(1));
        did(caller(Role.PHARMACY, "S6", null), "read", ProblemCode.NOT_FOUND, patients(1));
        assertThat(ask("select person_id from audit_question_outside_treatment order by 1"))
                .containsExactly("S2", "S3");
    }

    @Test
    void one_person_reading_unusually_many_patients_is_found_in_lists_too() {
        for (int i = 0; i < 9; i++) {
            did(caller(Role.PHARMACY, "usual" + i, "TREAT"), "read", null, patients(5));
        }
        // One list of 25 patients is one event.
        did(caller(Role.PHARMACY, "curious", "TREAT"), "search-type", null, patients(25));
        // The same patient 30 times is one patient.
        List<UUID> one = patients(1);
        for (int i = 0; i < 30; i++) {
            did(caller(Role.PHARMACY, "caring", "TREAT"), "read", null, one);
        }
        assertThat(ask("select person_id, patients from audit_question_many_patients"))
                .containsExactly("curious 25");
    }

    @Test
    void many_patients_are_not_unusual_where_everybody_has_them() {
        for (int i = 0; i < 5; i++) {
            did(caller(Role.REVIEWER, "busy" + i, "TREAT"), "search-type", null, patients(25));
        }
        assertThat(ask("select person_id from audit_question_many_patients")).isEmpty();
    }

    @Test
    void claims_released_again_and_again() {
        UUID often = UUID.randomUUID();
        UUID twice = UUID.randomUUID();
        Caller pharmacy = caller(Role.PHARMACY, "S1", "TREAT");
        for (int i = 0; i < 3; i++) {
            did(pharmacy, "release", null, List.of(), often);
            did(pharmacy, "release", i == 0 ? ProblemCode.NOT_CLAIMED : null, List.of(), twice);
        }
        assertThat(ask("select task_id, releases from audit_question_released_again"))
                .containsExactly(often + " 3");
    }

    @Test
    void trace_codes_sold_twice() {
        Caller pharmacy = caller(Role.PHARMACY, "S1", "TREAT");
        did(pharmacy, "dispense", ProblemCode.TRACE_CODE_SOLD, List.of(), new UUID(1, 1));
        did(pharmacy, "dispense", null, List.of(), new UUID(2, 2));
        assertThat(ask("select task_id from audit_question_trace_code_twice"))
                .containsExactly(new UUID(1, 1).toString());
    }

    @Test
    void prescriptions_at_odd_hours_of_shanghai() {
        Caller hospital = caller(Role.HOSPITAL, "S1", "TREAT");
        for (String at : List.of("13:59:59", "14:00:00", "21:59:59", "22:00:00")) {
            now = Instant.parse("2026-03-02T" + at + "Z");
            did(hospital, "submit-prescription", null, List.of());
        }
        assertThat(
                        ask(
                                "select to_char(recorded at time zone 'UTC', 'HH24:MI:SS')"
                                        + " from audit_question_odd_hours order by 1"))
                .containsExactly("14:00:00", "21:59:59");
    }

    private record Asked(String definition, List<String> rows, boolean more) {}

    /// As the operation answers it.
    private Asked operation(String question, Instant start, Instant end, int count) {
        Answer answer = new AuditQuestions(database).answer(question, start, end, count);
        byte[] json = ((Answer.Json) answer.body()).bytes();
        Parameters given = Fhir.parse(Parameters.class, json, Fhir.Format.JSON);
        return new Asked(
                given.getParameter("definition").getValue().primitiveValue(),
                given.getParameter().stream()
                        .filter(one -> one.getName().equals("row"))
                        .map(row ->
                                row.getPart().stream()
                                        .map(part -> part.getName() + "=" + told(part.getValue()))
                                        .collect(Collectors.joining(" ")))
                        .toList(),
                ((BooleanType) given.getParameter("more").getValue()).booleanValue());
    }

    private static String told(Type value) {
        return value instanceof Reference reference
                ? reference.getReference()
                : value.primitiveValue();
    }

    /// One case of each question on one night, and what the operation answers of it.
    @Test
    void each_question_is_answered_with_its_case_of_the_period_and_its_definition() {
        now = Instant.parse("2026-03-02T18:00:00Z");
        Caller pharmacy = caller(Role.PHARMACY, "S1", "TREAT");
        List<UUID> whom = patients(1);
        UUID task = UUID.randomUUID();
        did(caller(Role.AUDITOR, "S2", "HLEGAL"), "unmask", null, whom);
        did(pharmacy, "dispense", ProblemCode.TRACE_CODE_SOLD, whom, task);
        did(caller(Role.PHARMACY, "S3", "HMARKT"), "read", null, whom);
        did(caller(Role.HOSPITAL, "S4", "TREAT"), "submit-prescription", null, whom, task);
        for (int i = 0; i < 3; i++) {
            did(pharmacy, "release", null, List.of(), task);
            did(caller(Role.PHARMACY, "quiet" + i, "TREAT"), "read", null, patients(1));
        }
        did(caller(Role.PHARMACY, "curious", "TREAT"), "search-type", null, patients(40));
        Map<String, String> expected =
                Map.of(
                        "unmasking", "person_id=S2",
                        "refusals", "problem=RX-2010",
                        "outside-treatment", "purpose=HMARKT",
                        "many-patients", "person_id=curious",
                        "released-again", "task_id=Task/" + task,
                        "trace-code-twice", "task_id=Task/" + task,
                        "odd-hours", "person_id=S4");
        assertThat(AuditQuestions.all()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((question, row) -> {
            Asked asked = operation(question, now, now.plusSeconds(1), 10);
            assertThat(asked.rows()).as(question).hasSize(1);
            assertThat(asked.rows().getFirst()).as(question).contains(row);
            assertThat(asked.definition()).as(question).hasSizeGreaterThan(20);
            assertThat(asked.more()).as(question).isFalse();
            assertThat(operation(question, now.plusMillis(1), now.plusSeconds(9), 10).rows())
                    .as("after it: " + question)
                    .isEmpty();
        });
        did(pharmacy, "claim", ProblemCode.WRONG_PICKUP_CODE, List.of());
        Asked first = operation("refusals", now, now.plusSeconds(1), 1);
        assertThat(first.rows()).hasSize(1);
        assertThat(first.more()).isTrue();
    }

    @Test
    void every_question_stands_on_the_page_with_its_view() throws IOException {
        String page = Files.readString(Path.of("docs/audit.md"));
        for (String question : AuditQuestions.all()) {
            String view = "audit_question_" + question.replace('-', '_');
            assertThat(page).contains("| `" + question + "` | `" + view + '`');
            assertThat(ask("select obj_description('" + view + "'::regclass)").getFirst())
                    .as(view)
                    .hasSizeGreaterThan(20);
        }
    }
}
