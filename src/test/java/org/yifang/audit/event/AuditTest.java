package org.yifang.audit.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.yifang.generated.Tables.AUDIT_EVENT;
import static org.yifang.generated.Tables.AUDIT_FURTHER_ENTITY;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What is written, when it is durable, and that nothing is written without its change.
class AuditTest {
    private static final Instant NOON = Instant.parse("2026-03-01T04:00:00Z");
    private final Vertx vertx = Vertx.vertx();
    private final Database database = new Database(vertx, TestDatabase.migrated(), 6);
    private final Audit audit = new Audit(database, Samples.SEAL, new Uuid7(() -> NOON), "421281");

    @AfterEach
    void close() {
        database.close().await();
        vertx.close().await();
    }

    private List<EventStore.Stored> stored() {
        List<EventStore.Stored> all = new ArrayList<>();
        EventStore store = new EventStore(Samples.SEAL, "421281");
        for (Row row :
                database.run(
                        SQL.select(EventStore.columns())
                                .from(AUDIT_EVENT)
                                .orderBy(AUDIT_EVENT.ID)
                                .limit(10_000))) {
            all.add(store.read(row));
        }
        return all;
    }

    @Test
    void an_event_comes_back_as_it_was_written_and_its_leaf_commits_to_every_field() {
        UUID id = database.inTransaction(tx -> audit.append(tx, Samples.CLAIM));
        EventStore.Stored only = stored().getFirst();
        Event made = Event.of(Samples.CLAIM, 1, new Uuid7(() -> NOON), NOON).getFirst();
        assertThat(only.event()).isEqualTo(Event.of(Samples.CLAIM, 1, id, NOON, made.entities()));
        assertThat(only.event().recorded()).isEqualTo(NOON);
        assertThat(only.event().personName()).isEqualTo("王药师");
        Leaf leaf = Event.leaf(id, only.event().type(), only.commitments());
        List<Event.Field> fields = only.event().fields();
        assertThat(leaf.commitments()).hasSize(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            byte[] salt = java.util.Arrays.copyOfRange(only.salts(), i * 16, i * 16 + 16);
            assertThat(leaf.opens(fields.get(i).name(), salt, fields.get(i).value())).isTrue();
        }
        assertThat(Leaf.decode(leaf.encode())).isEqualTo(leaf);
    }

    @Test
    void a_clock_that_is_set_back_shows_in_the_time_and_not_in_the_order() {
        AtomicReference<Instant> now = new AtomicReference<>(NOON);
        Audit moved = new Audit(database, Samples.SEAL, new Uuid7(now::get), "421281");
        UUID first = database.inTransaction(tx -> moved.append(tx, Samples.CLAIM));
        now.set(NOON.minus(Duration.ofDays(1)));
        UUID second = database.inTransaction(tx -> moved.append(tx, Samples.CLAIM));
        assertThat(second).isGreaterThan(first);
        assertThat(stored())
                .extracting(one -> one.event().recorded())
                .containsExactly(NOON, NOON.minus(Duration.ofDays(1)));
    }

    @Test
    void neither_the_name_of_a_person_nor_its_salt_stands_in_the_row() {
        database.inTransaction(tx -> audit.append(tx, Samples.CLAIM));
        Row row =
                database.run(
                                SQL.select(AUDIT_EVENT.PERSON_NAME_SEALED, AUDIT_EVENT.SALTS)
                                        .from(AUDIT_EVENT)
                                        .limit(1))
                        .iterator()
                        .next();
        byte[] sealed = Rows.get(row, AUDIT_EVENT.PERSON_NAME_SEALED);
        assertThat(new String(sealed, StandardCharsets.UTF_8)).doesNotContain("王药师");
        byte[] salts = Rows.get(row, AUDIT_EVENT.SALTS);
        int at = Event.PERSON_NAME_AT * 16;
        assertThat(java.util.Arrays.copyOfRange(salts, at, at + 16)).containsOnly(0);
    }

    @Test
    void a_change_that_is_rolled_back_leaves_no_event() {
        assertThatThrownBy(() ->
                        database.inTransaction(tx -> {
                            audit.append(tx, Samples.CLAIM);
                            throw new Problem(ProblemCode.NOT_FOUND, "No.");
                        }))
                .isInstanceOf(Problem.class);
        assertThat(stored()).isEmpty();
    }

    @Test
    void what_was_recorded_is_there_when_the_call_returns() {
        audit.record(Samples.READ);
        assertThat(stored()).hasSize(1);
    }

    @Test
    void concurrent_records_share_commits_and_none_is_lost_or_doubled() {
        List<Future<Void>> all =
                IntStream.range(0, 2000).mapToObj(_ -> audit.recording(Samples.READ)).toList();
        Future.all(all).await();
        List<EventStore.Stored> stored = stored();
        assertThat(stored).hasSize(2000);
        assertThat(stored.stream().map(one -> one.event().id()).distinct()).hasSize(2000);
        int transactions =
                database.run(SQL.selectDistinct(AUDIT_EVENT.TXID).from(AUDIT_EVENT).limit(10_000))
                        .size();
        assertThat(transactions).isBetween(2000 / AuditLimits.BATCH, 200);
    }

    @Test
    void more_than_can_wait_is_refused_and_not_written() {
        List<Future<Void>> all =
                IntStream.range(0, AuditLimits.WAITING + 2000)
                        .mapToObj(_ -> audit.recording(Samples.READ))
                        .toList();
        Future.join(all).otherwiseEmpty().await();
        long written = all.stream().filter(Future::succeeded).count();
        assertThat(all.stream().filter(Future::failed).map(Future::cause))
                .isNotEmpty()
                .allSatisfy(
                        cause -> assertThat(((Problem) cause).code()).isEqualTo(ProblemCode.BUSY));
        int rows = database.run(SQL.select(AUDIT_EVENT.ID).from(AUDIT_EVENT).limit(20_000)).size();
        assertThat((long) rows).isEqualTo(written);
    }

    @Test
    void without_a_database_a_record_fails_rather_than_pretends() {
        database.close().await();
        assertThatThrownBy(() -> audit.record(Samples.READ)).isNotNull();
    }

    @Test
    void every_patient_of_a_list_finds_the_event() {
        List<UUID> patients = Stream.generate(UUID::randomUUID).limit(200).toList();
        audit.record(Samples.list(patients));
        EventStore.Stored only = stored().getFirst();
        assertThat(only.event().entities()).hasSize(201);
        assertThat(only.event().first("Patient")).isEqualTo(patients.getFirst());
        int found =
                database.run(
                                SQL.select(AUDIT_FURTHER_ENTITY.EVENT_ID)
                                        .from(AUDIT_FURTHER_ENTITY)
                                        .where(
                                                AUDIT_FURTHER_ENTITY.REFERENCE.in(
                                                        patients.stream()
                                                                .skip(1)
                                                                .map(id -> "Patient/" + id)
                                                                .toList()))
                                        .limit(1000))
                        .size();
        assertThat(found).isEqualTo(199);
    }

    @Test
    void a_call_on_more_resources_than_one_leaf_holds_is_several_events() {
        audit.record(Samples.list(Stream.generate(UUID::randomUUID).limit(1100).toList()));
        assertThat(stored()).hasSize(3);
        assertThat(stored().stream().mapToInt(one -> one.event().entities().size()).sum())
                .isEqualTo(1101);
        assertThat(stored().stream().map(one -> one.event().request()).distinct()).hasSize(1);
    }

    @Test
    void unauthenticated_refusals_are_one_counted_event_per_address() {
        for (int i = 0; i < 50; i++) {
            audit.record(Samples.unauthenticated("203.0.113.7"));
            audit.record(Samples.unauthenticated("203.0.113." + (100 + i % 2)));
        }
        assertThat(stored()).isEmpty();
        audit.writeRefusals().await();
        audit.writeRefusals().await();
        assertThat(stored())
                .extracting(one -> one.event().address() + " " + one.event().times())
                .containsExactlyInAnyOrder(
                        "203.0.113.7 50", "203.0.113.100 25", "203.0.113.101 25");
        assertThat(stored())
                .allSatisfy(one -> assertThat(one.event().problem()).isEqualTo("RX-1001"));
    }

    @Test
    void a_flood_from_many_addresses_takes_bounded_memory() {
        RefusalCounts counts = new RefusalCounts();
        for (int i = 0; i < AuditLimits.ADDRESSES + 500; i++) {
            counts.count(Samples.unauthenticated("address-" + i));
        }
        List<RefusalCounts.Counted> drained = counts.drain();
        assertThat(drained).hasSize(AuditLimits.ADDRESSES + 1);
        assertThat(drained.getLast().first().address()).isEqualTo(RefusalCounts.OTHER_ADDRESSES);
        assertThat(drained.getLast().times()).isEqualTo(500);
    }
}
