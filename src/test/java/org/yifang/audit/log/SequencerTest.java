package org.yifang.audit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.audit.event.Hash;
import org.yifang.audit.event.Samples;
import org.yifang.audit.verify.LogFinding;
import org.yifang.audit.verify.LogVerifier;
import org.yifang.audit.verify.Reconciliation;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/// Every event gets one place, in one order, by whichever instance is alive; nothing is signed over
/// a database that was set back.
class SequencerTest {
    @Test
    void every_event_gets_one_leaf_and_the_log_verifies() {
        try (LogFixture log = new LogFixture()) {
            SignedNote empty = emptyOf(log);
            log.grow(300);
            SignedNote kept = log.keep();
            log.grow(500);
            assertThat(Checkpoint.parse(log.keep().text()).size()).isEqualTo(800);
            LogVerifier.Result result = log.verify(empty, kept);
            assertThat(result.findings()).isEmpty();
            assertThat(log.reconcile())
                    .extracting(Reconciliation.Mismatch::kind)
                    .containsOnly(Reconciliation.Kind.EVENT_WITHOUT_CHANGE);
        }
    }

    private static SignedNote emptyOf(LogFixture log) {
        log.sequencer.round();
        return log.keep();
    }

    @Test
    void an_event_that_commits_late_is_not_passed_over() throws InterruptedException {
        try (LogFixture log = new LogFixture()) {
            CountDownLatch written = new CountDownLatch(1);
            CountDownLatch mayCommit = new CountDownLatch(1);
            Thread slow =
                    Thread.ofPlatform()
                            .start(() ->
                                    log.database.inTransaction(tx -> {
                                        UUID id = log.audit.append(tx, Samples.CLAIM);
                                        tx.run(
                                                Database.SQL.resultQuery(
                                                        "select pg_current_xact_id()::text"
                                                                + " as one"));
                                        written.countDown();
                                        hold(mayCommit);
                                        return id;
                                    }));
            written.await();
            log.audit.record(Samples.READ);
            log.sequencer.round();
            // The later event waits for the earlier transaction rather than overtaking it.
            assertThat(log.number("select size as n from audit_log")).isZero();
            mayCommit.countDown();
            slow.join();
            log.sequence();
            assertThat(log.number("select size as n from audit_log")).isEqualTo(2);
            assertThat(log.number("select count(*) as n from audit_event_without_leaf")).isZero();
        }
    }

    private static void hold(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void several_instances_make_one_sequence() throws Exception {
        try (LogFixture one = new LogFixture();
                LogFixture two = new LogFixture(one.address, LogFixture.temporary(), List.of());
                LogFixture three = new LogFixture(one.address, LogFixture.temporary(), List.of())) {
            List<LogFixture> all = List.of(one, two, three);
            all.forEach(instance -> instance.sequencer.start());
            for (int i = 0; i < 600; i++) {
                all.get(i % 3).audit.recording(Samples.READ);
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> one.number("select size as n from audit_log") == 600);
            one.sequencer.stop();
            // The others go on.
            two.audit.record(Samples.READ);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Checkpoint.parse(one.keep().text()).size() == 601);
            two.sequencer.stop();
            three.sequencer.stop();
            assertThat(one.verify().findings()).isEmpty();
            assertThat(one.number("select count(distinct event_id) as n from audit_leaf"))
                    .isEqualTo(601);
            assertThat(one.number("select max(index) + 1 as n from audit_leaf")).isEqualTo(601);
        }
    }

    @Test
    void the_last_checkpoint_is_kept_outside_before_it_is_published() throws IOException {
        try (LogFixture log = new LogFixture()) {
            log.grow(5);
            String kept = Files.readString(log.folder.resolve("audit-checkpoint"));
            assertThat(kept).isEqualTo(log.keep().format());
        }
    }

    @Test
    void a_database_that_was_set_back_is_refused_until_a_new_origin_is_started()
            throws IOException {
        Path folder = LogFixture.temporary();
        DatabaseAddress address = TestDatabase.migrated();
        try (LogFixture log = new LogFixture(address, folder, List.of())) {
            log.grow(10);
            SignedNote before = log.keep();
            log.grow(10);
            SignedNote lost = log.keep();
            // As a backup of the earlier moment would be.
            log.tamper("delete from audit_checkpoint where size > 10");
            log.tamper(
                    "delete from audit_event where id in (select event_id from audit_leaf"
                            + " where index >= 10)");
            log.tamper("delete from audit_leaf where index >= 10");
            setBack(log, before);
            Sequencer restarted =
                    new Sequencer(
                            log.database,
                            Samples.SEAL,
                            LogFixture.ORIGIN,
                            folder.resolve("audit-checkpoint"),
                            java.time.InstantSource.system());
            assertThatThrownBy(restarted::check)
                    .isInstanceOf(LogRefused.class)
                    .hasMessageContaining("20 entries were signed")
                    .hasMessageContaining("holds 10");
            log.audit.record(Samples.READ);
            assertThatThrownBy(restarted::round).isInstanceOf(LogRefused.class);
            // Run where YIFANG_PUBLIC_URL is not set, the command knows no better name.
            Sequencer elsewhere =
                    new Sequencer(
                            log.database,
                            Samples.SEAL,
                            "localhost:8080/audit",
                            folder.resolve("audit-checkpoint"),
                            java.time.InstantSource.system());
            assertThat(elsewhere.objection()).contains("20 entries were signed");
            Sequencer.NewOrigin next = elsewhere.startNewOrigin("restored the backup of 11:00");
            assertThat(elsewhere.objection()).isNull();
            assertThat(next.size()).isEqualTo(11);
            String vkey = next.vkey();
            assertThat(vkey).matches("yifang\\.example/audit/20[0-9T-]+Z\\+.*");
            restarted.check();
            restarted.round();
            SignedNote now = log.keep();
            assertThat(now.isSignedBy(NoteKey.parse(vkey))).isTrue();
            LogVerifier verifier =
                    new LogVerifier(
                            log.source(),
                            List.of(NoteKey.parse(log.vkey()), NoteKey.parse(vkey)),
                            List.of(),
                            (done, of) -> {});
            assertThat(verifier.verify(List.of(before), 0, Long.MAX_VALUE).findings()).isEmpty();
            assertThat(verifier.verify(List.of(lost), 0, Long.MAX_VALUE).findings())
                    .extracting(LogFinding::kind)
                    .containsOnly(LogFinding.Kind.SHORTER);
            // Who knows the old key only is told that the name changed.
            assertThat(log.verify(before).findings())
                    .extracting(LogFinding::kind)
                    .containsOnly(LogFinding.Kind.RENAMED);
        }
    }

    private static void setBack(LogFixture log, SignedNote to) {
        long size = Checkpoint.parse(to.text()).size();
        CompactRange tree = new CompactRange();
        log.superuser("select hash from audit_leaf order by index")
                .forEach(row ->
                        tree.append(
                                Hash.of(row.getBuffer("hash").getBytes()),
                                (height, index, hash) -> {}));
        assertThat(tree.size()).isEqualTo(size);
        log.tamper(
                "update audit_log set size = %d, subtrees = '\\x%s'"
                        .formatted(size, java.util.HexFormat.of().formatHex(tree.bytes())));
    }

    @Test
    void another_log_in_the_place_of_ours_is_refused() {
        try (LogFixture log = new LogFixture()) {
            log.grow(3);
            log.tamper("delete from audit_log");
            log.tamper("delete from audit_checkpoint");
            Sequencer restarted =
                    new Sequencer(
                            log.database,
                            Samples.SEAL,
                            LogFixture.ORIGIN,
                            log.folder.resolve("audit-checkpoint"),
                            java.time.InstantSource.system());
            assertThatThrownBy(restarted::check).hasMessageContaining("has no log");
        }
    }

    @Test
    void a_key_put_under_another_name_signs_nothing() {
        try (LogFixture log = new LogFixture()) {
            log.grow(3);
            log.tamper(
                    "insert into audit_origin (origin, key_sealed, started_at, from_size,"
                            + " predecessor) select 'forged.example', key_sealed, started_at, 0,"
                            + " origin from audit_origin");
            log.tamper("update audit_log set origin = 'forged.example'");
            Sequencer restarted =
                    new Sequencer(
                            log.database,
                            Samples.SEAL,
                            LogFixture.ORIGIN,
                            log.folder.resolve("audit-checkpoint"),
                            java.time.InstantSource.system());
            assertThatThrownBy(restarted::check)
                    .isInstanceOf(LogRefused.class)
                    .hasMessageContaining("is that of `yifang.example/audit`");
        }
    }

    @Test
    void a_kept_file_of_half_a_write_never_exists() throws IOException {
        Path folder = LogFixture.temporary();
        KeptCheckpoint kept = new KeptCheckpoint(folder.resolve("checkpoint"));
        assertThat(kept.read()).isNull();
        NoteSigner signer = new NoteSigner("a", NoteKey.Kind.ED25519, new byte[32]);
        for (int i = 0; i < 3; i++) {
            String text = new Checkpoint("a", i, Hash.EMPTY_ROOT).text();
            kept.write(new SignedNote(text, List.of(signer.sign(text))));
            assertThat(java.util.Objects.requireNonNull(kept.read()).text()).isEqualTo(text);
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
        assertThat(Files.readString(folder.resolve("checkpoint"), StandardCharsets.UTF_8))
                .contains("— a ");
    }
}
