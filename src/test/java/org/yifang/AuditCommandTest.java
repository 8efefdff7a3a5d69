package org.yifang;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.audit.event.Hash;
import org.yifang.audit.log.Checkpoint;
import org.yifang.audit.log.NoteKey;
import org.yifang.audit.log.NoteSigner;
import org.yifang.audit.log.Sequencer;
import org.yifang.audit.log.SignedNote;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// What an operator reads at night: each command says what is wrong and what to do, and its exit
/// code tells a finding from a failure.
final class AuditCommandTest {
    @TempDir Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final StringWriter out = new StringWriter();
    private Database database;
    private AuditCommand.Opened opened;

    @BeforeEach
    void a_log() throws IOException {
        Config config =
                Config.read(
                        Map.of(
                                "YIFANG_PUBLIC_URL", "https://yifang.example",
                                "YIFANG_DATA", folder.toString(),
                                "YIFANG_MASTER_KEY",
                                        Base64.getEncoder().encodeToString(new byte[32])));
        database = new Database(vertx, TestDatabase.migrated(), 2);
        opened = new AuditCommand.Opened(config, database, Secrets.of(config, database).names());
        Sequencer sequencer =
                new Sequencer(
                        database,
                        opened.names(),
                        AuditStart.origin(config),
                        AuditStart.keptCheckpoint(config),
                        InstantSource.system());
        sequencer.check();
        sequencer.round();
    }

    @AfterEach
    void close() {
        database.close().await();
        vertx.close().await();
    }

    /// The file that an instance keeps tells of five entries that this database never had.
    private void setBack() throws IOException {
        String text = new Checkpoint("yifang.example/audit", 5, Hash.EMPTY_ROOT).text();
        NoteSigner any = new NoteSigner("yifang.example/audit", NoteKey.Kind.ED25519, new byte[32]);
        Files.writeString(
                folder.resolve("audit-checkpoint"),
                new SignedNote(text, List.of(any.sign(text))).format());
    }

    private int run(Callable<Integer> command) {
        out.getBuffer().setLength(0);
        return AuditCommand.guarded(new PrintWriter(out), command);
    }

    private int reconcile() {
        return run(() -> AuditCommand.reconcile(opened, new PrintWriter(out)));
    }

    private int newOrigin(boolean anyway) {
        return run(() -> AuditCommand.newOrigin(opened, "why", anyway, new PrintWriter(out)));
    }

    @Test
    void a_complete_log_is_told_to_be_well() {
        assertThat(reconcile()).isZero();
        assertThat(out.toString()).contains("0 events compared. All is well");
    }

    @Test
    void a_database_that_was_set_back_is_told_and_mended_by_a_new_origin() throws IOException {
        setBack();
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out.toString())
                .contains("LOG_REFUSED: 5 entries were signed (" + folder)
                .contains("the database holds 0: it was set back.")
                .contains("audit new-origin --reason")
                .contains("1 finding.");
        assertThat(newOrigin(false)).isZero();
        assertThat(out.toString())
                .contains("Until now: 5 entries were signed")
                .containsPattern("The log goes on as `yifang.example/audit/20[^`]*` with 0 entries")
                .containsPattern("yifang.example/audit/20[^+]*\\+[0-9a-f]{8}\\+A")
                .contains("Start the service now.");
        assertThat(reconcile()).isZero();
    }

    @Test
    void a_log_that_is_whole_keeps_its_name_unless_somebody_means_it() {
        assertThat(newOrigin(false)).isEqualTo(78);
        assertThat(out.toString()).contains("needs no new origin").contains("--anyway");
        assertThat(newOrigin(true)).isZero();
        assertThat(out.toString()).contains("The log goes on as").doesNotContain("Until now");
    }

    @Test
    void what_fails_is_told_in_a_line_and_is_no_finding() {
        database.run(
                Database.SQL.query(
                        "delete from flyway_schema_history where script ="
                                + " 'V125__audit_plans.sql'"));
        assertThat(reconcile()).isEqualTo(2);
        assertThat(out.toString()).contains("start the service once").doesNotContain("\tat ");
        database.close().await();
        assertThat(reconcile()).isEqualTo(2);
        assertThat(out.toString()).contains("Nothing was compared or changed");
    }

    @Test
    void a_check_that_somebody_dropped_is_a_finding() {
        database.run(Database.SQL.query("drop view audit_event_hidden"));
        assertThat(reconcile()).isEqualTo(1);
        assertThat(out.toString())
                .contains("CHECK_REPLACED: The view `audit_event_hidden`")
                .contains("what comes behind it was not compared")
                .doesNotContain("start the service once");
    }

    @Test
    void a_database_that_a_newer_version_works_on_is_compared_by_that_version() {
        database.run(
                Database.SQL.query(
                        "insert into flyway_schema_history select 9999, '999', 'newer', 'SQL',"
                                + " 'V999__newer.sql', 1, 'x', now(), 1, true"));
        assertThat(reconcile()).isEqualTo(2);
        assertThat(out.toString()).contains("V999__newer.sql", "Nothing was compared");
    }
}
