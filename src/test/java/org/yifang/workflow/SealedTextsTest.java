package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.simulate.Simulate;
import org.yifang.workflow.Story.Rx;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What people say in their own words, and who they are, stands in no table in clear; who may read
/// it reads it as it was said.
final class SealedTextsTest {
    private static final String CANCEL = "家属来电说她对青霉素过敏";
    private static final String SUSPEND = "等\"肾功能\"结果 \\ 回来";
    private static final String REFUSE = "剂量与体重不符，请重新核对";
    private static final String RELEASE = "病人等不及先走了";
    private static final String TAKE_BACK = "回家发现发错了药";
    private static final String UNMASK = "核对投诉来信里的当事人";
    private static final String HOLD = "法院来函要求保全证据";
    private static final String STAFF = "欧阳审慎";
    private static final String RENAMED = "上官明察";
    private static final String BEHIND = "司徒值守";
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    /// What anybody may look up at the authorities.
    private static final Set<String> REGISTRIES = Set.of("practitioner", "organization");

    private static TestService service;
    private static Story story;

    @BeforeAll
    static void open() {
        service = TestService.own(Map.of("YIFANG_MASTER_KEY", KEY));
        story = new Story(service);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @Test
    void after_a_simulated_day_no_table_tells_a_name_a_number_or_a_reason() throws Exception {
        simulatedDay();
        Set<String> wanted = said();
        wanted.addAll(patients());
        assertThat(wanted).hasSizeGreaterThan(30);
        assertThat(inClear(wanted)).isEmpty();
        assertThat(
                        story.count(
                                "SELECT count(*) FROM account WHERE name NOT LIKE ? || '%'",
                                "sealed:1:"))
                .isZero();
    }

    /// Says every kind of reason; gives all that was said, after it was read as it was said.
    private static Set<String> said() {
        Rx cancelled = story.prescribed();
        Client.Reply reply =
                story.hospital.call(cancelled.path() + "/$suspend", Story.reason(escaped(SUSPEND)));
        assertThat(reply.body().at("/statusReason/text").asText()).isEqualTo(SUSPEND);
        story.hospital.call(cancelled.path() + "/$cancel", Story.reason(CANCEL));
        assertThat(reason(cancelled.path())).isEqualTo(CANCEL);
        assertThat(reason(cancelled.path() + "/_history/2")).isEqualTo(SUSPEND);
        Rx refused = story.prescribed(story.unreviewed());
        story.review(story.reviewer, refused, "refuse", Story.reason(REFUSE));
        JsonNode task = story.hospital.get(refused.path()).body();
        assertThat(task.at("/statusReason/text").asText()).isEqualTo(REFUSE);
        assertThat(task.path("output").toString()).contains(REFUSE);
        Rx released = story.prescribed();
        String token = story.claimed(story.pharmacy, released);
        story.pharmacy.call(
                released.path() + "/$release",
                Story.string("claim-token", token),
                Story.reason(RELEASE));
        assertThat(reason(released.path())).isEqualTo(RELEASE);
        takenBack(released);
        ofTheAuditor(released);
        staff();
        return new TreeSet<>(
                Set.of(
                        CANCEL, SUSPEND, REFUSE, RELEASE, TAKE_BACK, UNMASK, HOLD, STAFF, RENAMED,
                        BEHIND));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String reason(String path) {
        return story.hospital.get(path).body().at("/statusReason/text").asText();
    }

    private static void takenBack(Rx rx) {
        Client.Reply handed =
                story.dispenseAll(story.pharmacy, rx, story.claimed(story.pharmacy, rx));
        String dispense = handed.parameter("dispense").at("/resource/id").asText();
        Client.Reply back =
                story.pharmacy.call(
                        "/fhir/MedicationDispense/" + dispense + "/$take-back",
                        "{\"name\":\"identifier\",\"valueIdentifier\":{\"system\":\"urn:counter\","
                                + "\"value\":\"tb-sealed\"}}",
                        "{\"name\":\"quantity\",\"valueQuantity\":{\"value\":7,\"unit\":\"片\"}}",
                        Story.reason(TAKE_BACK),
                        "{\"name\":\"disposition\",\"valueCode\":\"destroy\"}");
        assertThat(back.status()).as(back.raw().body()).isEqualTo(200);
    }

    /// What an auditor gives as a reason is read in the event, and in the person's own trail.
    private static void ofTheAuditor(Rx rx) {
        Client auditor =
                new Client(
                        service, "auditor-1", Map.of("subject_id", "A1", "subject_name", BEHIND));
        String patient = rx.task().at("/for/reference").asText();
        assertThat(auditor.call("/fhir/" + patient + "/$unmask", Story.reason(UNMASK)).status())
                .isEqualTo(200);
        assertThat(
                        auditor.call(
                                        rx.path() + "/$legal-hold",
                                        "{\"name\":\"hold\",\"valueBoolean\":true}",
                                        Story.reason(HOLD))
                                .status())
                .isEqualTo(200);
        assertThat(auditor.get("/fhir/AuditEvent?subtype=unmask").raw().body())
                .contains(UNMASK, BEHIND);
        JsonNode held = auditor.get("/fhir/AuditEvent?subtype=legal-hold").body();
        assertThat(held.toString()).contains(HOLD);
        String event = held.at("/entry/0/resource/id").asText();
        assertThat(auditor.get("/fhir/AuditEvent/" + event + "/$proof").raw().body())
                .contains(HOLD);
    }

    private static void staff() {
        Client operator = new Client(service, "operator-1");
        Client.Reply made =
                AdminTest.json(
                        operator,
                        "POST",
                        "/admin/people",
                        "{\"login\":\"sealed\",\"name\":\"" + STAFF + "\",\"role\":\"bureau\"}");
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
        Client.Reply renamed =
                AdminTest.json(
                        operator,
                        "PATCH",
                        "/admin/people/sealed",
                        "{\"name\":\"" + RENAMED + "\"}");
        assertThat(renamed.status()).as(renamed.raw().body()).isEqualTo(200);
        assertThat(operator.get("/admin/people/sealed").body().path("name").asText())
                .isEqualTo(RENAMED);
    }

    private static void simulatedDay() {
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed);
        int code =
                new CommandLine(new Simulate())
                        .setOut(out)
                        .setErr(out)
                        .execute(
                                "--url",
                                service.url(),
                                "--prescriptions",
                                "24",
                                "--speed",
                                "max",
                                "--clients",
                                "6");
        out.flush();
        assertThat(code).as(printed.toString()).isZero();
    }

    /// Names, numbers and telephones of everybody whom the hospitals know.
    private static Set<String> patients() {
        Set<String> all = new TreeSet<>();
        for (String hospital : List.of("hospital-1", "hospital-2")) {
            JsonNode page = new Client(service, hospital).get("/fhir/Patient?_count=200").body();
            for (JsonNode entry : page.path("entry")) {
                JsonNode patient = entry.path("resource");
                for (JsonNode name : patient.path("name")) {
                    all.add(name.path("text").asText());
                }
                patient.path("identifier").forEach(one -> all.add(one.path("value").asText()));
                patient.path("telecom").forEach(one -> all.add(one.path("value").asText()));
            }
        }
        all.remove("");
        return all;
    }

    private static List<String> inClear(Set<String> wanted) throws SQLException {
        List<String> clear = new ArrayList<>();
        var at = service.database();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                                    + " AND tablename NOT LIKE 'flyway%'")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            assertThat(tables).contains("prescription", "account", "admin_job");
            for (String table : tables) {
                if (!REGISTRIES.contains(table)) {
                    clear.addAll(inClear(connection, table, wanted));
                }
            }
        }
        return clear;
    }

    /// As `pg_dump` would show it, and what bytes say when they are text.
    private static List<String> inClear(Connection connection, String table, Set<String> wanted)
            throws SQLException {
        String[] texts = wanted.toArray(String[]::new);
        List<String> clear = new ArrayList<>();
        try (var query =
                connection.prepareStatement(
                        "SELECT w.word FROM unnest(?::text[], ?::text[]) AS w (word, hex) WHERE"
                                + " EXISTS (SELECT 1 FROM \""
                                + table
                                + "\" t WHERE strpos(t::text, w.word) > 0"
                                + " OR strpos(t::text, w.hex) > 0)")) {
            query.setArray(1, connection.createArrayOf("text", texts));
            query.setArray(2, connection.createArrayOf("text", hex(texts)));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    clear.add(table + " holds " + rows.getString(1));
                }
            }
        }
        return clear;
    }

    private static String[] hex(String[] texts) {
        String[] hex = new String[texts.length];
        for (int i = 0; i < texts.length; i++) {
            hex[i] = HexFormat.of().formatHex(texts[i].getBytes(UTF_8));
        }
        return hex;
    }
}
