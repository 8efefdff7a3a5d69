package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;

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
                        plain -> seal.seal(plain, "audit"), sealed -> seal.open(sealed, "audit"));
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
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '\u0001',
            textBlock =
                    """
                    a dispensed prescription is set back => UPDATE prescription SET state = \
                    'awaiting-claim' @ANY
                    what is shown of it is set back => UPDATE prescription SET task = (SELECT \
                    task FROM prescription_history h WHERE h.prescription_id = id AND h.version \
                    = 1) @ANY
                    a lease is prolonged => UPDATE prescription SET lease_until = lease_until + \
                    interval '1 day' WHERE state = 'claimed'
                    a claim gets another holder => UPDATE prescription_claim SET pharmacy_id = \
                    gen_random_uuid()
                    a validity is prolonged => UPDATE prescription SET valid_until = \
                    valid_until + interval '1 day' @ANY
                    the person is exchanged => UPDATE prescription SET patient_id = \
                    gen_random_uuid() @ANY
                    the original is exchanged => UPDATE prescription SET original = original || \
                    '\\x00' @ANY
                    a prescriber is exchanged => UPDATE prescription SET prescriber = \
                    'D421281000009' @ANY
                    a number is exchanged => UPDATE prescription SET rx_number = rx_number || \
                    '9' @ANY
                    a drug is exchanged => UPDATE prescription_line SET drug_code = 'X' @ONE
                    a quantity is raised => UPDATE prescription_line SET quantity = quantity + \
                    7 @ONE
                    what remains is set back => UPDATE prescription_line SET remaining = \
                    quantity, dispensed = 0 @ONE
                    a version is rewritten => UPDATE prescription_history SET state = \
                    'cancelled' @ONE AND version = 2
                    what a version showed is rewritten => UPDATE prescription_history SET task \
                    = '\\x7b7d' @ONE AND version = 1
                    a version in the middle is gone => DELETE FROM prescription_history @ONE \
                    AND version = 2
                    a version borrows a transaction => INSERT INTO prescription_history \
                    (prescription_id, version, state, task, updated_at, txid) SELECT \
                    prescription_id, version + 50, state, task, updated_at, txid FROM \
                    prescription_history @ONE AND version = 2
                    a review is forged => UPDATE prescription SET reviews = '\\x5b5d' WHERE \
                    reviews IS NOT NULL
                    a dispense is gone => DELETE FROM dispense
                    a dispense is less => UPDATE dispense SET quantity = quantity - 1
                    a dispense is another pharmacy's => UPDATE dispense SET pharmacy_id = \
                    gen_random_uuid()
                    a dispense is cheaper => UPDATE dispense SET price_fen = 1
                    a dispense is back-dated => UPDATE dispense SET handed_over_at = \
                    handed_over_at - interval '1 day'
                    the words of a dispense are exchanged => UPDATE dispense SET content = \
                    content || '\\x00'
                    a diagnosis is exchanged => UPDATE clinical_resource SET content = content \
                    || '\\x00' WHERE type = 'Condition'
                    """)
    void is_found_and_named(String what, String tampering) throws SQLException {
        List<Mismatch> found = after(tampering.replace("@ANY", ANY).replace("@ONE", ONE));
        assertThat(found).as(what).anyMatch(one -> one.what().startsWith("Task/"));
    }

    @Test
    void a_pack_that_may_be_sold_again_is_found() throws SQLException {
        List<Mismatch> found =
                after("INSERT INTO trace_code VALUES ('81234567890123456789', 'X', 10, 10, now())");
        assertThat(found)
                .extracting(Mismatch::what)
                .containsExactly("trace code 81234567890123456789");
    }

    @Test
    void an_offer_at_another_price_is_found() throws SQLException {
        List<Mismatch> found =
                after(
                        "UPDATE offer SET price_fen = price_fen - 1 WHERE id ="
                                + " (SELECT id FROM offer WHERE price_fen > 1 LIMIT 1)");
        assertThat(found)
                .extracting(Mismatch::kind)
                .containsExactly(Reconciliation.Kind.CONTENT_ALTERED);
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
