package org.yifang.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.audit.event.Audit;
import org.yifang.audit.event.Event;
import org.yifang.audit.event.Samples;
import org.yifang.audit.log.LogFixture;
import org.yifang.audit.log.LogRefused;
import org.yifang.audit.log.LogState;
import org.yifang.audit.log.LogStore;
import org.yifang.audit.log.NoteKey;
import org.yifang.audit.log.NoteSigner;
import org.yifang.audit.log.Sequencer;
import org.yifang.audit.log.SignedNote;
import org.yifang.audit.log.Superuser;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// What a superuser of the database can do to the log, and who notices: the command with a
/// checkpoint kept earlier, or the reconciliation.
class ManipulationTest {
    private static DatabaseAddress template;
    private static Path keptFile;
    private static SignedNote kept;
    private LogFixture log;
    private Superuser superuser;

    /// A log of 600 changes; an auditor kept the checkpoint of the first 300.
    @BeforeAll
    static void prepare() {
        template = TestDatabase.migrated();
        Path folder = LogFixture.temporary();
        keptFile = folder.resolve("audit-checkpoint");
        try (LogFixture clean = new LogFixture(template, folder, List.of())) {
            Superuser.change(clean, 300);
            clean.sequence();
            kept = clean.keep();
            Superuser.change(clean, 300);
            clean.sequence();
            assertThat(clean.verify(kept).findings()).isEmpty();
            assertThat(clean.reconcile()).isEmpty();
        }
    }

    @BeforeEach
    void a_copy_of_that_log() throws IOException {
        Path folder = LogFixture.temporary();
        Files.copy(keptFile, folder.resolve("audit-checkpoint"));
        log = new LogFixture(TestDatabase.clone(template.database()), folder, List.of());
        superuser = new Superuser(log);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private List<LogFinding.Kind> command() {
        return log.verify(kept).findings().stream().map(LogFinding::kind).distinct().toList();
    }

    private List<Reconciliation.Kind> reconciliation() {
        return log.reconcile().stream().map(Reconciliation.Mismatch::kind).distinct().toList();
    }

    @Test
    void m01_a_value_of_an_event_is_updated() {
        log.tamper("update audit_event set client = 'somebody' where id = " + Superuser.ofLeaf(7));
        assertThat(reconciliation()).containsExactly(Reconciliation.Kind.EVENT_ALTERED);
    }

    @Test
    void m02_a_value_is_updated_and_committed_to_anew() {
        log.tamper(Superuser.flipped(7));
        assertThat(command()).containsExactly(LogFinding.Kind.ENTRY);
        assertThat(log.verify(kept).findings().getFirst().from()).isEqualTo(7);
    }

    @Test
    void m03_the_last_event_is_deleted() {
        log.tamper("delete from audit_event where id = " + Superuser.ofLeaf(599));
        assertThat(command()).containsExactly(LogFinding.Kind.MISSING);
        assertThat(reconciliation())
                .contains(
                        Reconciliation.Kind.LEAF_WITHOUT_EVENT,
                        Reconciliation.Kind.CHANGE_WITHOUT_EVENT);
    }

    @Test
    void m04_the_last_event_is_deleted_with_its_leaf() {
        log.tamper("delete from audit_event where id = " + Superuser.ofLeaf(599));
        log.tamper("delete from audit_leaf where index = 599");
        assertThat(command()).contains(LogFinding.Kind.MISSING);
        assertThat(reconciliation()).contains(Reconciliation.Kind.CHANGE_WITHOUT_EVENT);
    }

    @Test
    void m05_an_event_in_the_middle_is_deleted() {
        log.tamper("delete from audit_event where id = " + Superuser.ofLeaf(100));
        assertThat(command()).containsExactly(LogFinding.Kind.MISSING);
        assertThat(log.verify(kept).findings().getFirst().from()).isZero();
    }

    @Test
    void m06_an_event_in_the_middle_is_deleted_and_the_rest_moved_up_and_hashed_anew() {
        log.tamper("delete from audit_event where id = " + Superuser.ofLeaf(100));
        log.tamper("delete from audit_leaf where index = 100");
        moveUp();
        superuser.rehash();
        superuser.signAgain();
        assertThat(command()).containsExactly(LogFinding.Kind.REWRITTEN);
        assertThat(log.verify(kept).findings().getFirst().to()).isEqualTo(300);
        assertThat(reconciliation()).contains(Reconciliation.Kind.CHANGE_WITHOUT_EVENT);
    }

    private void moveUp() {
        // Rows would collide on their way.
        log.tamper("alter table audit_leaf drop constraint audit_leaf_pkey");
        log.tamper("update audit_leaf set index = index - 1 where index > 100");
        log.tamper("alter table audit_leaf add primary key (index)");
    }

    @Test
    void m07_two_entries_change_places() {
        superuser.swap(20, 21);
        assertThat(command()).contains(LogFinding.Kind.REWRITTEN);
        superuser.rehash();
        superuser.signAgain();
        assertThat(command()).contains(LogFinding.Kind.REWRITTEN);
    }

    @Test
    void m08_the_log_is_truncated() {
        log.tamper("truncate audit_leaf, audit_node");
        assertThat(command()).contains(LogFinding.Kind.MISSING);
        assertThat(reconciliation()).contains(Reconciliation.Kind.EVENT_WITHOUT_LEAF);
    }

    @Test
    void m09_all_events_are_truncated() {
        log.tamper("truncate audit_event");
        assertThat(command()).contains(LogFinding.Kind.MISSING);
        assertThat(reconciliation()).contains(Reconciliation.Kind.CHANGE_WITHOUT_EVENT);
    }

    @Test
    void m10_a_tail_is_rewritten_hashed_anew_and_signed() {
        for (int index = 290; index < 600; index++) {
            log.tamper(Superuser.flipped(index));
        }
        for (int index = 290; index < 600; index++) {
            superuser.rehashLeaf(index);
        }
        superuser.rehash();
        superuser.signAgain();
        assertThat(command()).containsExactly(LogFinding.Kind.REWRITTEN);
        assertThat(reconciliation()).contains(Reconciliation.Kind.EVENT_ALTERED);
    }

    @Test
    void m11_an_event_is_put_in_twice() {
        log.tamper("alter table audit_leaf drop constraint audit_leaf_event_id_key");
        log.tamper(
                "insert into audit_leaf (index, event_id, recorded, hash) select 600, event_id,"
                        + " recorded, hash from audit_leaf where index = 5");
        superuser.rehash();
        superuser.signAgain();
        assertThat(command()).containsExactly(LogFinding.Kind.DUPLICATE);
        assertThat(log.verify(kept).findings().getFirst().from()).isEqualTo(600);
    }

    @Test
    void m12_the_clock_of_an_event_is_changed() {
        log.tamper(
                "update audit_event set recorded = recorded - interval '2 days' where id = "
                        + Superuser.ofLeaf(30));
        assertThat(command()).containsExactly(LogFinding.Kind.MISSING);
        assertThat(reconciliation()).contains(Reconciliation.Kind.EVENT_ALTERED);
    }

    @Test
    void m13_the_clock_of_an_event_and_its_leaf_is_changed() {
        log.tamper(
                "update audit_event set recorded = recorded - interval '2 days' where id = "
                        + Superuser.ofLeaf(30));
        log.tamper(
                "update audit_leaf set recorded = recorded - interval '2 days' where index = 30");
        assertThat(command()).isEmpty();
        assertThat(reconciliation()).containsExactly(Reconciliation.Kind.EVENT_ALTERED);
    }

    @Test
    void m14_two_auditors_are_shown_different_logs() {
        SignedNote first = log.keep();
        log.tamper(Superuser.flipped(599));
        superuser.rehashLeaf(599);
        superuser.rehash();
        superuser.signAgain();
        SignedNote second = log.keep();
        // Each log is good in itself; together the two checkpoints prove the fork.
        assertThat(log.verify(kept).findings()).isEmpty();
        assertThat(log.verify(first, second).findings())
                .extracting(LogFinding::kind)
                .contains(LogFinding.Kind.FORK);
    }

    @Test
    void m15_the_event_of_a_change_is_dropped_before_it_is_hashed() {
        Superuser.change(log, 1);
        log.tamper(
                "delete from audit_event where not exists (select 1 from audit_leaf l where"
                        + " l.event_id = audit_event.id)");
        log.sequence();
        assertThat(command()).isEmpty();
        assertThat(reconciliation()).containsExactly(Reconciliation.Kind.CHANGE_WITHOUT_EVENT);
    }

    @Test
    void m16_a_change_is_made_up_that_never_was() {
        log.tamper(
                "delete from prescription_history where prescription_id = (select task_id"
                        + " from audit_event where id = "
                        + Superuser.ofLeaf(3)
                        + ")");
        assertThat(reconciliation()).containsExactly(Reconciliation.Kind.EVENT_WITHOUT_CHANGE);
    }

    @Test
    void m17_an_old_backup_is_restored() {
        log.tamper("delete from audit_checkpoint where size > 300");
        log.tamper(
                "delete from audit_event where id in (select event_id from audit_leaf where"
                        + " index >= 300)");
        log.tamper("delete from audit_leaf where index >= 300");
        SignedNote newer = kept;
        superuser.rehash();
        // The one who kept the older checkpoint sees nothing; the service itself does.
        assertThat(log.verify(newer).findings()).isEmpty();
        assertThatThrownBy(() -> freshSequencer().check()).isInstanceOf(LogRefused.class);
    }

    private Sequencer freshSequencer() {
        return new Sequencer(
                log.database,
                Samples.SEAL,
                LogFixture.ORIGIN,
                log.folder.resolve("audit-checkpoint"),
                () -> LogFixture.NOON);
    }

    @Test
    void m18_an_old_backup_is_restored_and_an_auditor_kept_a_newer_checkpoint() {
        SignedNote newest = log.keep();
        log.tamper("delete from audit_checkpoint where size > 300");
        assertThat(log.verify(newest).findings())
                .extracting(LogFinding::kind)
                .containsExactly(LogFinding.Kind.SHORTER);
    }

    @Test
    void m19_personal_data_is_swapped_under_its_commitment() {
        log.tamper(
                "update audit_event a set patient_id = b.patient_id, entities = b.entities from"
                        + " audit_event b where a.id = "
                        + Superuser.ofLeaf(1)
                        + " and b.id = "
                        + Superuser.ofLeaf(2));
        assertThat(reconciliation()).contains(Reconciliation.Kind.EVENT_ALTERED);
    }

    @Test
    void m20_the_sealed_name_is_that_of_another_event() {
        log.tamper(
                "update audit_event a set person_name_sealed = b.person_name_sealed from"
                        + " audit_event b where a.id = "
                        + Superuser.ofLeaf(1)
                        + " and b.id = "
                        + Superuser.ofLeaf(2));
        assertThat(reconciliation()).containsExactly(Reconciliation.Kind.EVENT_ALTERED);
    }

    @Test
    void m21_an_entry_is_added_in_the_middle() {
        Superuser.change(log, 1);
        log.sequence();
        superuser.swap(600, 50);
        superuser.rehash();
        superuser.signAgain();
        assertThat(command()).contains(LogFinding.Kind.REWRITTEN);
    }

    @Test
    void m22_a_tile_above_the_leaves_is_altered() {
        log.tamper(
                "update audit_node set hash = set_byte(hash, 0, 1 # get_byte(hash, 0)) where"
                        + " level = 1 and index = 0");
        assertThat(command()).containsExactly(LogFinding.Kind.TILE);
    }

    @Test
    void m23_a_checkpoint_is_signed_by_a_stranger() {
        LogState state = Objects.requireNonNull(LogStore.state(log.database::run));
        String text = state.checkpoint().text();
        NoteSigner stranger = new NoteSigner(LogFixture.ORIGIN, NoteKey.Kind.ED25519, new byte[32]);
        String note = new SignedNote(text, List.of(stranger.sign(text))).format();
        log.tamper("update audit_checkpoint set note = '" + note + "' where size = 600");
        assertThat(command()).containsExactly(LogFinding.Kind.CHECKPOINT);
    }

    @Test
    void m24_a_field_is_erased_that_nobody_asked_to_erase() {
        int at = Event.FIXED.indexOf("purpose") * 16;
        log.tamper(
                "update audit_event set purpose = null, salts = overlay(salts placing"
                        + " decode(repeat('00', 16), 'hex') from "
                        + (at + 1)
                        + ") where id = "
                        + Superuser.ofLeaf(9));
        // The tree still verifies: that is what erasing under a commitment is for.
        assertThat(command()).isEmpty();
        assertThat(reconciliation()).containsExactly(Reconciliation.Kind.FIELD_ERASED);
    }

    @Test
    void m25_an_event_is_put_in_with_an_older_date() {
        Instant before = Instant.now().minus(Duration.ofDays(2));
        new Audit(log.database, Samples.SEAL, new Uuid7(() -> before), "421281")
                .record(LogFixture.claim(UUID.randomUUID()));
        log.sequence();
        Superuser.change(log, 1);
        log.sequence();
        assertThat(command()).containsExactly(LogFinding.Kind.BACKDATED);
        LogFinding found = log.verify(kept).findings().getFirst();
        assertThat(found.from()).isEqualTo(600);
        assertThat(found.to()).isEqualTo(601);
    }

    @Test
    void m26_an_event_is_no_longer_found_by_its_patient() {
        log.tamper("update audit_event set patient_id = null where id = " + Superuser.ofLeaf(4));
        assertThat(reconciliation()).containsExactly(Reconciliation.Kind.EVENT_HIDDEN);
    }

    @Test
    void m27_an_event_is_found_by_a_patient_whom_it_does_not_concern() {
        log.tamper(
                "update audit_event set patient_id = gen_random_uuid() where id = "
                        + Superuser.ofLeaf(4));
        log.tamper(
                "insert into audit_further_entity (reference, recorded, event_id, region)"
                        + " select 'Patient/' || gen_random_uuid(), recorded, id, region"
                        + " from audit_event where id = "
                        + Superuser.ofLeaf(5));
        assertThat(log.reconcile())
                .extracting(Reconciliation.Mismatch::kind)
                .containsExactly(
                        Reconciliation.Kind.EVENT_HIDDEN,
                        Reconciliation.Kind.EVENT_HIDDEN,
                        Reconciliation.Kind.EVENT_HIDDEN);
    }

    @Test
    void m28_a_list_is_no_longer_found_by_its_second_patient() {
        log.audit.record(Samples.list(List.of(UUID.randomUUID(), UUID.randomUUID())));
        log.sequence();
        assertThat(log.reconcile()).isEmpty();
        log.tamper("delete from audit_further_entity where reference like 'Patient/%'");
        assertThat(reconciliation()).containsExactly(Reconciliation.Kind.EVENT_HIDDEN);
    }

    @Test
    void m29_an_event_is_moved_where_the_sequencer_never_comes() {
        log.audit.record(LogFixture.claim(UUID.randomUUID()));
        log.tamper(
                "update audit_event set txid = '9000000000000000000'::xid8, change = change where"
                        + " not exists (select 1 from audit_leaf l where l.event_id ="
                        + " audit_event.id)");
        log.sequencer.round();
        assertThat(command()).isEmpty();
        assertThat(reconciliation()).contains(Reconciliation.Kind.EVENT_WITHOUT_LEAF);
    }

    @Test
    void m30_the_log_is_emptied_and_begun_anew_with_the_same_key() {
        log.tamper("truncate audit_leaf, audit_node, audit_event, audit_further_entity");
        superuser.rehash();
        log.tamper("update audit_log set last_txid = '0', last_id = '" + LogState.NO_ID + "'");
        log.tamper("delete from audit_checkpoint");
        Superuser.change(log, 400);
        assertThatThrownBy(() -> freshSequencer().round()).isInstanceOf(LogRefused.class);
        // Even a service whose file went with it signs what the auditor finds out.
        Sequencer fooled =
                new Sequencer(
                        log.database,
                        Samples.SEAL,
                        LogFixture.ORIGIN,
                        log.folder.resolve("none"),
                        () -> LogFixture.NOON);
        fooled.round();
        assertThat(command()).contains(LogFinding.Kind.REWRITTEN);
    }

    @Test
    void m31_an_event_is_no_longer_found_by_its_organization() {
        log.tamper(
                """
                insert into organization (id, region, number, kind, name, version, created_at, \
                updated_at)
                values ('%s', '421281', '%s', 'pharmacy', 'x', 1, now(), now())
                """
                        .formatted(
                                Samples.PHARMACY.organizationId(),
                                Samples.PHARMACY.organization()));
        assertThat(log.reconcile()).isEmpty();
        log.tamper(
                "update audit_event set organization_id = gen_random_uuid() where id = "
                        + Superuser.ofLeaf(4));
        log.tamper(
                "update audit_event set organization_id = null where id = " + Superuser.ofLeaf(5));
        assertThat(log.reconcile())
                .extracting(Reconciliation.Mismatch::kind)
                .containsExactly(
                        Reconciliation.Kind.EVENT_HIDDEN, Reconciliation.Kind.EVENT_HIDDEN);
    }
}
