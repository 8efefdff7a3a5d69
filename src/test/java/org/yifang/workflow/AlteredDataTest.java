package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.TestDatabase;
import org.yifang.TestService;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.verify.Reconciliation;
import org.yifang.audit.verify.Reconciliation.Mismatch;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a superuser of the database can do to business data, past every rule and trigger, and that
/// reconciliation finds each of it and names what was altered.
final class AlteredDataTest {
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir static Path folder;
    private static Vertx vertx;
    private static NameSeal names;
    private static String template;

    /// A little of everything, by a service that has ended: one handed out in full, one taken back
    /// in part, one claimed, one reviewed, one cancelled, one of which time has ended the claim.
    @BeforeAll
    static void a_day() throws Exception {
        vertx = Vertx.vertx();
        Seal seal = new Seal(MasterKeys.of(KEY, folder));
        names =
                new NameSeal(
                        plain -> seal.seal(plain, "audit"),
                        sealed -> seal.open(sealed, "audit"),
                        event -> seal.vouch("AuditEvent", event));
        DatabaseAddress address;
        try (TestService service = TestService.own(Map.of("YIFANG_MASTER_KEY", KEY))) {
            address = service.database();
            Story story = new Story(service);
            Story.Rx done = story.prescribed();
            story.dispenseAll(story.pharmacy, done, story.claimed(story.pharmacy, done));
            story.cancel(story.prescribed());
            Story.Rx reviewed = new Story.Rx(story.submit(story.unreviewed()).body());
            story.review(story.reviewer, reviewed, "approve");
            Story.Rx held = story.prescribed();
            story.claimed(story.otherPharmacy, held);
            story.claim(story.pharmacy, held);
            Story.Rx packed = story.prescribed();
            story.dispense(
                    story.pharmacy,
                    packed,
                    story.claimed(story.pharmacy, packed),
                    false,
                    story.dispense(packed.lines().get(0), 0, "7", "81234567890123450001"),
                    story.dispense(packed.lines().get(1), 1, "7", "81234567890123450002"));
            Alterable.consent(story.patient());
            Alterable.reportAndPlan(new Client(service, "bureau-1"), service.clock().instant());
            sequenced(address);
        }
        template = address.database();
        assertThat(findings(address)).isEmpty();
    }

    @AfterAll
    static void close() {
        vertx.close().await();
    }

    private static void sequenced(DatabaseAddress address) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement()) {
            while (System.nanoTime() < end) {
                try (var rows =
                        statement.executeQuery(
                                "SELECT (SELECT count(*) FROM audit_event) ="
                                        + " (SELECT max(size) FROM audit_checkpoint)")) {
                    rows.next();
                    if (rows.getBoolean(1)) {
                        return;
                    }
                }
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("not sequenced in a minute");
    }

    private static Connection connect(DatabaseAddress at) throws SQLException {
        return DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
    }

    private static List<Mismatch> findings(DatabaseAddress address) {
        Database database = new Database(vertx, address, 2);
        try {
            return new Reconciliation(database, names, "421281").run();
        } finally {
            database.close().await();
        }
    }

    /// Does it in a copy, with every trigger and foreign key silent meanwhile.
    private static List<Mismatch> after(String... tampering) throws SQLException {
        DatabaseAddress copy = TestDatabase.clone(template);
        try (Connection connection = connect(copy);
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            for (String one : tampering) {
                assertThat(statement.executeUpdate(one)).as(one).isPositive();
            }
        }
        return findings(copy);
    }

    private static final String ANY = " WHERE id = (SELECT prescription_id FROM dispense LIMIT 1)";
    private static final String ONE =
            " WHERE prescription_id = (SELECT prescription_id FROM dispense LIMIT 1)";

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(
            resources = "/workflow/altered-prescriptions.txt",
            delimiterString = "=>",
            quoteCharacter = '\u0001')
    void is_found_and_named(String what, String tampering) throws SQLException {
        List<Mismatch> found = after(tampering.replace("@ANY", ANY).replace("@ONE", ONE));
        assertThat(found).as(what).anyMatch(one -> one.what().startsWith("Task/"));
    }

    /// All at once, each of another row, so that what is found can be told apart; with the triggers
    /// silent as a superuser has them, and with the triggers at work but no event to tell of it.
    @ParameterizedTest(name = "triggers at work: {0}")
    @ValueSource(booleans = {false, true})
    void rows_of_every_guarded_table_are_found_and_named(boolean triggers) throws Exception {
        DatabaseAddress copy = TestDatabase.clone(template);
        List<String> named = new ArrayList<>();
        List<String[]> table = alterations();
        assertThat(table).hasSizeGreaterThan(30);
        try (Connection connection = connect(copy);
                Statement statement = connection.createStatement()) {
            if (triggers) {
                statement.execute(
                        "ALTER TABLE price_event DISABLE TRIGGER price_event_append_only");
                statement.execute("ALTER TABLE sale DISABLE TRIGGER sale_append_only");
                statement.execute(
                        "ALTER TABLE price_report DISABLE TRIGGER price_report_append_only");
                statement.execute(
                        "ALTER TABLE measure_plan DISABLE TRIGGER measure_plan_append_only");
            } else {
                statement.execute("SET session_replication_role = replica");
            }
            for (String[] one : table) {
                try (ResultSet key = statement.executeQuery(one[2])) {
                    assertThat(key.next()).as(one[0]).isTrue();
                    named.add(key.getString(1));
                }
                String doing = one[3].replace("@KEY", named.getLast().replaceAll("^[a-z_]+/", ""));
                assertThat(statement.executeUpdate(doing)).as(one[0]).isEqualTo(1);
            }
        }
        List<Mismatch> found = findings(copy);
        assertThat(found)
                .extracting(Mismatch::what)
                .containsAll(named)
                .filteredOn(what -> what.matches("[a-z_]+/.*"))
                .containsOnlyElementsOf(named);
    }

    private static List<String[]> alterations() throws Exception {
        try (var in = AlteredDataTest.class.getResourceAsStream("/workflow/altered-tables.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.split(" => "))
                    .map(part ->
                            new String[] {
                                part[0],
                                part[1],
                                "SELECT '%s/' || %s FROM %s r WHERE %s"
                                        .formatted(part[1], part[2], part[1], part[3]),
                                part[4]
                            })
                    .toList();
        }
    }

    @Test
    void a_pack_that_may_be_sold_again_is_found() throws SQLException {
        List<Mismatch> found =
                after("INSERT INTO trace_code VALUES ('81234567890123456789', 'X', 10, 10, now())");
        assertThat(found)
                .extracting(Mismatch::what)
                .containsExactlyInAnyOrder(
                        "trace code 81234567890123456789", "trace_code/81234567890123456789");
    }

    @Test
    void an_offer_at_another_price_is_found() throws SQLException {
        List<Mismatch> found =
                after(
                        "UPDATE offer SET price_fen = price_fen - 1 WHERE id ="
                                + " (SELECT id FROM offer WHERE price_fen > 1 LIMIT 1)");
        assertThat(found)
                .extracting(Mismatch::kind)
                .containsOnly(Reconciliation.Kind.CONTENT_ALTERED);
        assertThat(found.getFirst().what()).startsWith("ChargeItemDefinition/");
    }

    @Test
    void what_an_event_committed_to_cannot_be_changed_with_it() throws SQLException {
        List<Mismatch> found =
                after(
                        "UPDATE dispense SET price_fen = 1",
                        "UPDATE audit_event e SET change = regexp_replace(change, '\\S+$',"
                                + " audit_task_state(task_id)) WHERE operation = 'dispense'");
        assertThat(found).extracting(Mismatch::kind).contains(Reconciliation.Kind.EVENT_ALTERED);
    }

    /// What a superuser writes as carefully as the service does, commitments and all, is not its.
    @Test
    void an_event_that_the_service_did_not_write_is_found() throws SQLException {
        String columns =
                "region, recorded, type, interaction, operation, action, outcome, client, role,"
                        + " organization_id, organization, address, request, times, entities,"
                        + " salts, commitments";
        String forged =
                "INSERT INTO audit_event (id, "
                        + columns
                        + ", mac) SELECT ('ffffffff' || substr(gen_random_uuid()::text, 9))::uuid, "
                        + columns
                        + ", mac FROM audit_event WHERE operation = 'token' LIMIT 1";
        assertThat(after(forged))
                .extracting(Mismatch::kind)
                .contains(Reconciliation.Kind.EVENT_FORGED);
    }

    @Test
    void entries_removed_with_their_events_are_found() throws SQLException {
        String middle = "(SELECT event_id FROM audit_leaf WHERE index = 5)";
        List<Mismatch> found =
                after(
                        "DELETE FROM audit_event WHERE id = " + middle,
                        "DELETE FROM audit_leaf WHERE index = 5");
        assertThat(found)
                .extracting(Mismatch::kind)
                .contains(
                        Reconciliation.Kind.ENTRY_MISSING,
                        Reconciliation.Kind.CHECKPOINT_CONTRADICTED);
        String last = "(SELECT max(index) FROM audit_leaf)";
        assertThat(
                        after(
                                "DELETE FROM audit_event WHERE id = (SELECT event_id FROM "
                                        + "audit_leaf"
                                        + " WHERE index = "
                                        + last
                                        + ")",
                                "DELETE FROM audit_leaf WHERE index = " + last))
                .extracting(Mismatch::kind)
                .contains(
                        Reconciliation.Kind.TREE_ALTERED,
                        Reconciliation.Kind.CHECKPOINT_CONTRADICTED);
    }

    @Test
    void a_head_that_contradicts_the_entries_is_found() throws SQLException {
        List<Mismatch> found = after("UPDATE audit_leaf SET hash = sha256(hash) WHERE index = 3");
        assertThat(found)
                .extracting(Mismatch::kind)
                .contains(
                        Reconciliation.Kind.LEAF_ALTERED,
                        Reconciliation.Kind.CHECKPOINT_CONTRADICTED);
    }

    @Test
    void what_was_made_to_fail_is_found_and_hides_nothing_before_it() throws SQLException {
        DatabaseAddress copy = TestDatabase.clone(template);
        try (Connection connection = connect(copy);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP VIEW audit_offer_altered");
        }
        assertThat(findings(copy))
                .extracting(Mismatch::what)
                .containsExactly("audit_offer_altered", "reconciliation");
    }

    @Test
    void what_no_longer_finds_is_found() throws SQLException {
        DatabaseAddress copy = TestDatabase.clone(template);
        try (Connection connection = connect(copy);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER audit_ledger_update ON offer");
            statement.execute(
                    "CREATE OR REPLACE FUNCTION audit_ledger_sale() RETURNS trigger LANGUAGE"
                            + " plpgsql AS 'BEGIN RETURN NULL; END'");
            statement.execute(
                    "CREATE OR REPLACE FUNCTION audit_ledger_untold() RETURNS TABLE (table_name"
                            + " text, key text, txid xid8) LANGUAGE sql STABLE AS 'SELECT"
                            + " null::text, null::text, null::xid8 WHERE false'");
            statement.execute(
                    "CREATE OR REPLACE VIEW audit_trace_code_altered AS SELECT code, sold,"
                            + " sold + 0 AS"
                            + " told FROM trace_code WHERE false");
        }
        assertThat(findings(copy))
                .extracting(Mismatch::what)
                .containsExactlyInAnyOrder(
                        "offer", "sale", "audit_ledger_untold", "audit_trace_code_altered");
    }

    @Test
    void a_silent_trigger_is_found() throws SQLException {
        DatabaseAddress copy = TestDatabase.clone(template);
        try (Connection connection = connect(copy);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE price_event DISABLE TRIGGER price_event_append_only");
            statement.execute("DROP TRIGGER sale_append_only ON sale");
        }
        assertThat(findings(copy))
                .extracting(Mismatch::what)
                .containsExactlyInAnyOrder("price_event", "sale_append_only");
    }
}
