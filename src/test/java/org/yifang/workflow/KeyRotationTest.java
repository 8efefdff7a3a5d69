package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.TestService;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.verify.Reconciliation;
import org.yifang.identity.client.UnknownPatients;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.identity.seal.IndexRotation;
import org.yifang.identity.seal.KeptSecretStore;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Job;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;
import org.yifang.prescription.life.PickupIndexStore;
import org.yifang.prescription.life.Unsealing;
import org.yifang.registry.Patients;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// Every key outside the database is replaced while the service serves, and the old one is not
/// needed afterwards.
final class KeyRotationTest {
    private static final String CARD = "421281195809210020";
    private static final String FIRST = key('a');
    private static final String SECOND = "seal.2=" + key('b') + ",index.2=" + key('c');
    private static final String BOTH = FIRST + "," + SECOND;

    /// What is sealed under the master key, where the number of the key begins the value.
    private static final List<String> SEALED =
            List.of(
                    of("patient", "patient_key"),
                    of("audit_event", "person_name_sealed"),
                    of("audit_event", "change_sealed"),
                    of("kept_secret", "sealed"),
                    of("signing_key", "private_sealed"),
                    of("audit_origin", "key_sealed"),
                    of("account", "totp_sealed"),
                    of("account_session", "pending"),
                    ofText("account", "name"),
                    ofText("swap_judgement", "reason"),
                    "SELECT decode(input::json->>'reason', 'base64') FROM admin_job"
                            + " WHERE input LIKE '%reason%'");

    @TempDir static Path folder;
    private static Vertx vertx;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        vertx.close().await();
    }

    private static String key(char filled) {
        byte[] key = String.valueOf(filled).repeat(32).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(key);
    }

    private static String of(String table, String column) {
        return "SELECT %2$s FROM %1$s WHERE %2$s IS NOT NULL".formatted(table, column);
    }

    private static String ofText(String table, String column) {
        return ("SELECT decode(rpad(translate(substr(%2$s, 10), '-_', '+/'),"
                        + " (length(%2$s) - 6) / 4 * 4, '='), 'base64') FROM %1$s")
                .formatted(table, column);
    }

    /// What was there before the rotation.
    private record Before(DatabaseAddress at, Story.Rx rx, Story.Rx claimed, String claimToken) {}

    private static Before county() throws Exception {
        try (TestService service = TestService.own(Map.of("YIFANG_MASTER_KEY", FIRST))) {
            Story story = new Story(service);
            Story.Rx rx = story.prescribed();
            Story.Rx claimed = story.prescribed();
            String token = story.claimed(story.pharmacy, claimed);
            for (int i = 0; i < 5; i++) {
                story.prescribed(somebody(story, i));
            }
            Client auditor =
                    new Client(
                            service,
                            "auditor-1",
                            Map.of("subject_id", "A1", "subject_name", "赵审计"));
            String patient = rx.task().at("/for/reference").asText();
            Client.Reply shown = auditor.call("/fhir/" + patient + "/$unmask", Story.reason("投诉"));
            assertThat(shown.status()).isEqualTo(200);
            assertThat(OperatorJobs.erase(service, "421281190001010000")).contains("no such");
            seeded(service.database());
            return new Before(service.database(), rx, claimed, token);
        }
    }

    /// A prescription for another person.
    private static ObjectNode somebody(Story story, int number) throws Exception {
        String digits = "42128119600101" + "%03d".formatted(number);
        int[] weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += (digits.charAt(i) - '0') * weights[i];
        }
        String card = digits + "10X98765432".charAt(sum % 11);
        return (ObjectNode)
                Client.JSON.readTree(
                        story.document()
                                .toString()
                                .replace(CARD, card)
                                .replace("1958-09-21", "1960-01-01"));
    }

    /// What no story here makes: a second factor, one being set up, a judgement.
    private static void seeded(DatabaseAddress at) throws Exception {
        Seal seal = new Seal(MasterKeys.of(FIRST, folder));
        byte[] factor = seal.seal(new byte[20], "second-factor/auditor-1");
        byte[] said = seal.seal("说明".getBytes(StandardCharsets.UTF_8), "text");
        String reason = "sealed:1:" + Base64.getUrlEncoder().withoutPadding().encodeToString(said);
        write(at, "UPDATE account SET totp_sealed = ? WHERE login = 'auditor-1'", factor);
        write(
                at,
                "INSERT INTO account_session VALUES (sha256('x'), 'auditor-1', 'enrol', 'f', ?,"
                        + " '/', '', '', now(), now())",
                factor);
        write(
                at,
                "INSERT INTO swap_judgement VALUES (gen_random_uuid(), 'a', 'b', 'parted', 'x',"
                        + " '2026-01-01', ?, now())",
                reason);
    }

    private static void write(DatabaseAddress at, String sql, Object value) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, value);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private static List<String> under(DatabaseAddress at, int number) throws Exception {
        List<String> found = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                var statement = connection.createStatement()) {
            for (String sql : SEALED) {
                try (var rows = statement.executeQuery(sql)) {
                    while (rows.next()) {
                        byte[] value = rows.getBytes(1);
                        if (value[0] == 0 && value[1] == number) {
                            found.add(sql);
                            break;
                        }
                    }
                }
            }
        }
        return found;
    }

    private static NameSeal names(Seal seal) {
        return new NameSeal(
                plain -> seal.seal(plain, "audit"),
                sealed -> seal.open(sealed, "audit"),
                event -> seal.vouch("AuditEvent", event));
    }

    private static IndexRotation rotation(Database rows) throws Exception {
        MasterKeys keys = MasterKeys.of(BOTH, folder);
        Seal seal = new Seal(keys, KeptSecretStore.open(rows, keys));
        BlindIndexes indexes = BlindIndexes.open(rows, keys, InstantSource.system());
        Patients patients =
                new Patients(
                        rows,
                        seal,
                        indexes,
                        new Uuid7(InstantSource.system()),
                        new UnknownPatients(new BlindIndex(new byte[32])));
        return new IndexRotation(
                rows,
                keys,
                indexes,
                java.util.stream.Stream.concat(
                                patients.indexed().stream(),
                                java.util.stream.Stream.of(
                                        new PickupIndexStore(new Unsealing(seal))))
                        .toList(),
                InstantSource.system(),
                Duration.ofSeconds(1));
    }

    private static Client.Reply search(TestService service, String form) {
        return Client.send(
                new Client(service, "hospital-1")
                        .request("/fhir/Patient/_search")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    /// How many are found, or the status of a refusal.
    private static int found(TestService service, String form) {
        Client.Reply reply = search(service, form);
        return reply.status() == 200 ? reply.body().path("entry").size() : reply.status();
    }

    private static void findsAll(TestService service, int people) {
        assertThat(found(service, "identifier=" + CARD)).isEqualTo(1);
        assertThat(
                        found(
                                service,
                                "name="
                                        + java.net.URLEncoder.encode(
                                                "陈秀英", StandardCharsets.UTF_8)))
                .isEqualTo(people);
    }

    @Test
    void nobody_is_overlooked_while_every_key_is_replaced_and_the_old_ones_are_not_needed()
            throws Exception {
        Before before = county();
        assertThat(under(before.at(), 1)).hasSameSizeAs(SEALED);
        try (TestService behind = TestService.on(before.at(), Map.of("YIFANG_MASTER_KEY", FIRST));
                TestService next = TestService.on(before.at(), Map.of("YIFANG_MASTER_KEY", BOTH));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            indexesRotated(before, behind, next, threads);
            // Asked of the instance that lacks the newest key, and done by the one that has it.
            assertThat(OperatorJobs.note(behind, "/admin/keys/sealing/rotate", ""))
                    .contains("under `seal.2` now", "nothing else");
            assertThat(under(before.at(), 1)).isEmpty();
            assertThat(under(before.at(), 2)).hasSameSizeAs(SEALED);
            assertThat(OperatorJobs.note(next, "/admin/keys/index/rotate", "")).contains("already");
        }
        refused(before, FIRST, "seal.2");
        refused(before, SECOND.replace("index.2", "index.1"), "index.1");
        refused(before, SECOND.replace(key('c'), key('d')), "index.2");
        withoutTheOldKeys(before);
    }

    /// Searches at both instances go on all the time; the one without the new key says so.
    private static void indexesRotated(
            Before before, TestService behind, TestService next, ExecutorService threads)
            throws Exception {
        Database rows = new Database(vertx, before.at(), 2);
        MasterKeys keys = MasterKeys.of(BOTH, folder);
        Seal seal = new Seal(keys, KeptSecretStore.open(rows, keys));
        // As in the service, an event commits to what nobody tells of.
        new Audit(rows, names(seal), new Uuid7(InstantSource.system()), "421281")
                .begin(Instant.now());
        AtomicBoolean isOver = new AtomicBoolean();
        assertThat(found(behind, "identifier=" + CARD)).isEqualTo(1);
        Future<Set<Integer>> searching = threads.submit(() -> answers(next, isOver));
        Future<Set<Integer>> searchingBehind = threads.submit(() -> answers(behind, isOver));
        Story story = new Story(next);
        try {
            // Each step is done twice, as after a crash between it and the note of it.
            Job.Step reached = new Job.Step("", 0, 0, false, "");
            for (int i = 0; !reached.finished(); i++) {
                rotation(rows).step(new JsonObject(), reached);
                reached = rotation(rows).step(new JsonObject(), reached);
                findsAll(next, 6 + i);
                story.prescribed();
                Story.Rx fresh = story.prescribed(somebody(story, 100 + i));
                assertThat(story.claim(story.pharmacy, fresh).status()).isEqualTo(200);
            }
            assertThat(reached.note()).contains("index.2");
            assertThat(found(behind, "identifier=" + CARD)).isEqualTo(503);
            assertThat(new Story(behind).submit(story.document()).status()).isEqualTo(503);
        } finally {
            isOver.set(true);
            rows.close().await();
        }
        assertThat(searching.get()).containsExactly(1);
        assertThat(searchingBehind.get()).contains(503).isSubsetOf(1, 503);
    }

    private static Set<Integer> answers(TestService service, AtomicBoolean isOver) {
        Set<Integer> answers = new TreeSet<>();
        while (!isOver.get()) {
            answers.add(found(service, "identifier=" + CARD));
        }
        return answers;
    }

    private static void refused(Before before, String keys, String named) {
        assertThatThrownBy(() -> TestService.on(before.at(), Map.of("YIFANG_MASTER_KEY", keys)))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining(named);
    }

    private static void withoutTheOldKeys(Before before) throws Exception {
        try (TestService alone = TestService.on(before.at(), Map.of("YIFANG_MASTER_KEY", SECOND))) {
            Story story = new Story(alone);
            assertThat(found(alone, "identifier=" + CARD)).isEqualTo(1);
            assertThat(story.claim(story.pharmacy, before.rx()).status()).isEqualTo(200);
            Client.Reply handed =
                    story.dispenseAll(story.pharmacy, before.claimed(), before.claimToken());
            assertThat(handed.status()).as(handed.raw().body()).isEqualTo(200);
            Story.Rx fresh = story.prescribed();
            assertThat(fresh.task().at("/for/reference").asText())
                    .isEqualTo(before.rx().task().at("/for/reference").asText());
            Database rows = new Database(vertx, before.at(), 2);
            try {
                MasterKeys keys = MasterKeys.of(SECOND, folder);
                Seal seal = new Seal(keys, KeptSecretStore.open(rows, keys));
                assertThat(new Reconciliation(rows, names(seal), "421281").run())
                        .filteredOn(one -> !one.toString().contains("swap_judgement"))
                        .isEmpty();
            } finally {
                rows.close().await();
            }
        }
    }
}
