package org.yifang.queue.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.platform.Caller;
import org.yifang.queue.evaluate.PlanFacts.Clocks;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.AtTheCounter;
import org.yifang.queue.ticket.QueueLimits;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// Whose clock moved between the periods of a plan, and who took care that nobody can tell.
class ClockShiftTest extends PastCounty {
    private static final Duration RIGHT = Duration.ZERO;
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private Caller caller;
    private int ticket;

    @BeforeEach
    void come() {
        caller = AtTheCounter.caller(organization, number);
    }

    /// Ten days of a source whose clock is behind by so much.
    ///
    /// @param behind null when it does not tell when it sends
    private void days(LocalDate first, @Nullable Duration behind) {
        for (LocalDate day = first; day.isBefore(first.plusDays(10)); day = day.plusDays(1)) {
            upload(day, behind);
        }
    }

    private void upload(LocalDate day, @Nullable Duration behind) {
        now = day.atTime(9, 0).atZone(QueueLimits.ZONE).toInstant();
        Instant sent = behind == null ? null : now.minus(behind);
        String name = "T" + ticket++;
        Arriving joined =
                new Arriving(
                        name,
                        "window-1",
                        1,
                        "dispensing",
                        "joined",
                        sent == null ? now : sent,
                        day,
                        null,
                        null,
                        null,
                        null);
        assertThat(desk.receive(caller, sent, List.of(joined)).getFirst().outcome())
                .isEqualTo(Arriving.Outcome.ACCEPTED);
    }

    private Clocks clocks() {
        now = REFORM.plusDays(40).atStartOfDay(QueueLimits.ZONE).toInstant();
        return new ClockShiftStore(database)
                .clocks(
                        new EvaluationQuestion(
                                BASELINE,
                                BASELINE.plusDays(9),
                                REFORM,
                                REFORM.plusDays(9),
                                List.of(number),
                                List.of(),
                                null,
                                null,
                                null,
                                now));
    }

    @Test
    void a_clock_that_stays_is_steady() {
        days(BASELINE, QUARTER);
        days(REFORM, QUARTER);
        assertThat(clocks().isSteady()).isTrue();
        assertThat(clocks().unmeasured()).isEmpty();
    }

    @Test
    void a_clock_put_back_between_the_periods_is_named() {
        days(BASELINE, RIGHT);
        upload(REFORM.minusDays(3), QUARTER);
        days(REFORM, QUARTER);
        assertThat(clocks().shifted()).containsExactly(new Clocks.Shift(caller.clientId(), 900));
    }

    @Test
    void who_no_longer_tells_the_time_of_sending_is_named() {
        days(BASELINE, RIGHT);
        days(REFORM, null);
        assertThat(clocks().untold()).containsExactly(caller.clientId());
        assertThat(clocks().against().english()).contains("in one period only");
    }

    @Test
    void who_tells_it_only_now_and_then_is_named_too() {
        days(BASELINE, RIGHT);
        days(REFORM, null);
        upload(REFORM.plusDays(3), RIGHT);
        assertThat(clocks().untold()).containsExactly(caller.clientId());
    }

    @Test
    void who_begins_to_tell_it_is_named() {
        days(BASELINE, null);
        days(REFORM, RIGHT);
        assertThat(clocks().untold()).containsExactly(caller.clientId());
    }

    @Test
    void who_never_told_it_is_said_to_be_unmeasured() {
        days(BASELINE, null);
        days(REFORM, null);
        assertThat(clocks().isSteady()).isTrue();
        assertThat(clocks().unmeasured()).containsExactly(caller.clientId());
    }

    @Test
    void who_came_later_says_nothing_of_what_was() {
        days(REFORM, null);
        assertThat(clocks().isSteady()).isTrue();
        assertThat(clocks().unmeasured()).isEmpty();
    }
}
