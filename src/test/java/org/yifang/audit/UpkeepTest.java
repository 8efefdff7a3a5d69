package org.yifang.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.audit.log.LogFixture;
import org.yifang.audit.log.SignedNote;
import org.yifang.audit.verify.LogFinding;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What the log needs beside its sequencer is done, and doing it twice is doing it once.
final class UpkeepTest {
    private LogFixture log;
    private HttpClient client;
    private Instant now = Instant.parse("2026-12-31T23:59:59Z");
    private Upkeep upkeep;

    @BeforeEach
    void start() {
        log = new LogFixture();
        client = log.vertx.createHttpClient();
        upkeep = new Upkeep(log.database, log.audit, log.witnesses, client, () -> now);
    }

    @AfterEach
    void stop() {
        client.close().await();
        log.close();
    }

    private List<String> names(String sql) {
        List<String> names = new ArrayList<>();
        log.superuser(sql).forEach(row -> names.add(row.getString("n")));
        return names;
    }

    private List<String> partitions(String table) {
        return names(
                "select c.relname as n from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                        + " where i.inhparent = '"
                        + table
                        + "'::regclass order by 1");
    }

    @Test
    void months_are_made_ahead_over_the_end_of_a_year() {
        upkeep.makePartitions();
        upkeep.makePartitions();
        assertThat(partitions("audit_event"))
                .containsExactly(
                        "audit_event_default",
                        "audit_event_p202612",
                        "audit_event_p202701",
                        "audit_event_p202702");
        assertThat(partitions("audit_further_entity")).hasSize(4);
        now = now.plusSeconds(1);
        upkeep.makePartitions();
        assertThat(partitions("audit_event")).hasSize(5).contains("audit_event_p202703");
    }

    @Test
    void a_month_whose_events_were_dropped_leaves_every_later_entry_provable() {
        upkeep.makePartitions();
        now = Instant.now();
        upkeep.makePartitions();
        log.grow(300);
        SignedNote kept = log.keep();
        String month =
                names("select tableoid::regclass::text as n from audit_event limit 1").getFirst();
        assertThat(month).startsWith("audit_event_p");
        log.tamper("drop table " + month);
        assertThat(
                        log.superuser("select count(*) as n from audit_leaf")
                                .iterator()
                                .next()
                                .getLong("n"))
                .isEqualTo(300);
        now = now.plusSeconds(1);
        upkeep.makePartitions();
        log.grow(10);
        // The pruned entries are missing, and nothing is said to be altered.
        assertThat(log.verify(kept).findings())
                .isNotEmpty()
                .allMatch(finding -> finding.kind() == LogFinding.Kind.MISSING);
    }

    @Test
    void old_checkpoints_are_thinned_to_one_a_minute_and_cosigned_ones_stay() {
        log.tamper("delete from audit_checkpoint");
        for (int second = 0; second < 180; second += 20) {
            log.tamper(
                    "insert into audit_checkpoint (origin, size, signed_at, note) select origin, "
                            + (1000 + second)
                            + ", timestamptz '2026-12-30T10:00:00Z' + interval '"
                            + second
                            + " s', 'note' from audit_log");
        }
        log.tamper(
                "insert into audit_cosignature (origin, size, witness, line, received_at)"
                        + " select origin, 1020, 'w', 'line', now() from audit_log");
        String sizes = "select size::text as n from audit_checkpoint order by size";
        now = Instant.parse("2026-12-31T09:00:00Z");
        upkeep.thinCheckpoints();
        assertThat(names(sizes)).as("younger than a day").hasSize(9);
        now = Instant.parse("2026-12-31T11:00:00Z");
        upkeep.thinCheckpoints();
        assertThat(names(sizes)).containsExactly("1020", "1040", "1100", "1160");
    }

    @Test
    void counted_refusals_are_written_when_the_service_ends() throws InterruptedException {
        upkeep.start();
        for (int i = 0; i < 3; i++) {
            log.audit.record(
                    new Access(
                            null,
                            "192.0.2.66",
                            "r" + i,
                            "read",
                            "Task",
                            'R',
                            ProblemCode.NOT_AUTHENTICATED,
                            List.of(),
                            List.of(),
                            List.of(),
                            null,
                            null));
        }
        upkeep.stop();
        assertThat(
                        log.number(
                                "select coalesce(sum(times), 0) as n from audit_event"
                                        + " where address = '192.0.2.66'"))
                .isEqualTo(3);
    }
}
