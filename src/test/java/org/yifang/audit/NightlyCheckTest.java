package org.yifang.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.log.LogFixture;

import java.time.Duration;
import java.time.Instant;

/// Every night at three in Shanghai, in one instance, and what was missed is made up for.
final class NightlyCheckTest {
    private LogFixture log;

    /// Noon in Shanghai.
    private Instant now = Instant.parse("2026-03-01T04:00:00Z");

    @BeforeEach
    void start() {
        log = new LogFixture();
        log.grow(3);
        log.sequence();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private NightlyCheck instance() {
        return new NightlyCheck(
                log.database,
                new NameSeal(plain -> plain, sealed -> sealed),
                "421281",
                log.sequencer,
                () -> now);
    }

    private long ended() {
        return log.number("select count(*) as n from audit_check where ended_at is not null");
    }

    private void forward(String duration) {
        now = now.plus(Duration.parse(duration));
    }

    @Test
    void once_a_night_at_three_over_all_instances() {
        NightlyCheck one = instance();
        NightlyCheck other = instance();
        one.tick();
        other.tick();
        assertThat(ended()).as("a new database waits for its first night").isZero();
        forward("PT14H59M");
        one.tick();
        assertThat(ended()).as("one minute to three").isZero();
        forward("PT1M");
        one.tick();
        other.tick();
        one.tick();
        assertThat(ended()).isEqualTo(1);
        assertThat(log.number("select sum(compared) as n from audit_check")).isPositive();
        forward("PT24H");
        other.tick();
        one.tick();
        assertThat(ended()).isEqualTo(2);
    }

    @Test
    void a_night_in_which_nothing_ran_or_an_instance_died_is_made_up_for() {
        NightlyCheck first = instance();
        first.tick();
        forward("PT15H");
        first.tick();
        assertThat(ended()).isEqualTo(1);
        forward("PT30H");
        instance().tick();
        assertThat(ended()).as("at the next start").isEqualTo(2);
        forward("PT24H");
        log.superuser(
                "insert into audit_check (night, started_at) select max(night) + 1, '"
                        + now
                        + "' from audit_check");
        NightlyCheck next = instance();
        next.tick();
        assertThat(ended()).as("another instance is at it").isEqualTo(2);
        forward("PT5H");
        next.tick();
        assertThat(ended()).as("that one has died").isEqualTo(3);
    }

    @Test
    void a_database_that_a_newer_version_works_on_is_left_to_that_version() {
        NightlyCheck one = instance();
        one.tick();
        forward("PT15H");
        log.superuser(
                "insert into flyway_schema_history (installed_rank, version, description, type,"
                        + " script, checksum, installed_by, execution_time, success) values (9999,"
                        + " '999', 'newer', 'SQL', 'V999__newer.sql', 1, 'x', 1, true)");
        // As that version may do.
        log.superuser(
                "create or replace view audit_event_without_leaf as"
                        + " select e.id, e.recorded, e.operation from audit_event e where false");
        one.tick();
        assertThat(ended()).as("left to the newer one").isZero();
        assertThat(log.number("select count(*) as n from audit_check")).isZero();
        log.superuser("delete from flyway_schema_history where installed_rank = 9999");
        one.tick();
        assertThat(ended()).as("the newer one has gone").isEqualTo(1);
        assertThat(log.number("select sum(findings) as n from audit_check")).isPositive();
    }
}
