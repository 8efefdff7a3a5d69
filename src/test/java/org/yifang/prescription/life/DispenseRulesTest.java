package org.yifang.prescription.life;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.prescription.life.Decision.Changed;
import org.yifang.prescription.life.DispenseRules.Portion;
import org.yifang.prescription.life.Prescription.*;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Choices between fills, and what the lines say after everything has come back.
class DispenseRulesTest {
    private static final Instant START = Instant.parse("2026-03-02T01:00:00Z");
    private static final Terms TERMS = Terms.DEFAULT;
    private static final UUID FIRST = new UUID(0, 2);
    private static final UUID SECOND = new UUID(0, 3);
    private static final Pharmacy NEAR = new Pharmacy(new UUID(0, 4), null);
    private static final Pharmacy FAR = new Pharmacy(new UUID(0, 5), null);
    private static final BigDecimal SEVEN = BigDecimal.valueOf(7);

    private static Prescription open(int fills) {
        return new AwaitingClaim(
                new Facts(
                        new UUID(0, 9),
                        new UUID(0, 1),
                        new UUID(0, 8),
                        START,
                        START.plus(Duration.ofDays(3)),
                        false,
                        null,
                        1,
                        fills,
                        fills == 1 ? Duration.ZERO : Duration.ofDays(28),
                        List.of(
                                new Line(FIRST, 1, SEVEN, SEVEN, BigDecimal.ZERO),
                                new Line(SECOND, 2, SEVEN, SEVEN, BigDecimal.ZERO)),
                        null));
    }

    private static Prescription done(Decision decision) {
        return ((Changed) decision).next();
    }

    private static Prescription dispensed(Prescription prescription, Pharmacy by, UUID... lines) {
        Prescription held = done(ClaimRules.claim(prescription, by, START, TERMS));
        List<Portion> portions =
                List.of(lines).stream().map(line -> new Portion(line, SEVEN)).toList();
        return done(DispenseRules.dispense(held, portions, false, START));
    }

    private static Prescription nextFill(Prescription prescription) {
        return settle(prescription, START.plus(Duration.ofDays(28)), TERMS);
    }

    @Test
    void a_choice_made_between_two_fills_is_for_the_next() {
        Prescription between = dispensed(open(2), NEAR, FIRST, SECOND);
        assertThat(between.state()).isEqualTo(State.AWAITING_NEXT_FILL);
        Prescription next = nextFill(done(ClaimRules.choose(between, FAR)));
        assertThat(next.state()).isEqualTo(State.AWAITING_CLAIM);
        assertThat(next.facts().directedTo()).isEqualTo(FAR.id());
    }

    @Test
    void a_choice_for_a_fill_ends_with_it_and_can_be_made_again() {
        Prescription between =
                dispensed(done(ClaimRules.choose(open(2), NEAR)), NEAR, FIRST, SECOND);
        assertThat(nextFill(between).facts().directedTo()).isNull();
        assertThat(nextFill(done(ClaimRules.choose(between, NEAR))).facts().directedTo())
                .isEqualTo(NEAR.id());
        Prescription rest = dispensed(done(ClaimRules.choose(open(2), NEAR)), NEAR, FIRST);
        Prescription lapsed = settle(rest, START.plus(Duration.ofDays(4)), TERMS);
        assertThat(lapsed.state()).isEqualTo(State.AWAITING_NEXT_FILL);
        assertThat(nextFill(lapsed).facts().directedTo()).isNull();
    }

    private static String lines(Prescription prescription) {
        return prescription.facts().lines().stream()
                .map(line ->
                        LineStatus.of(prescription, line).code()
                                + " "
                                + DispenseRules.plain(line.remaining()))
                .toList()
                .toString();
    }

    private static Prescription back(Prescription from, UUID line, int units, Instant at) {
        return DispenseRules.takeBack(from, line, BigDecimal.valueOf(units), 1, at, TERMS);
    }

    @Test
    void all_of_a_cancelled_rest_came_back() {
        Prescription rest = new RestCancelled(dispensed(open(1), NEAR, FIRST).facts());
        assertThat(lines(rest)).isEqualTo("[completed 0, cancelled 7]");
        Prescription part = back(rest, FIRST, 3, START);
        assertThat(part.state()).isEqualTo(State.REST_CANCELLED);
        assertThat(lines(part)).isEqualTo("[stopped 3, cancelled 7]");
        Prescription whole = back(part, FIRST, 4, START);
        assertThat(whole.state()).isEqualTo(State.CANCELLED);
        assertThat(lines(whole)).isEqualTo("[cancelled 7, cancelled 7]");
    }

    @Test
    void all_came_back_after_the_end_of_validity() {
        Instant late = START.plus(Duration.ofDays(4));
        Prescription rest = new RestExpired(dispensed(open(1), NEAR, FIRST).facts());
        assertThat(lines(back(rest, FIRST, 7, late))).isEqualTo("[stopped 7, stopped 7]");
        Prescription all = dispensed(open(1), NEAR, FIRST, SECOND);
        Prescription none = back(back(all, FIRST, 7, late), SECOND, 7, late);
        assertThat(none.state()).isEqualTo(State.EXPIRED);
        assertThat(lines(none)).isEqualTo("[stopped 7, stopped 7]");
    }

    /// The prescription as it truly is at `now`.
    private static Prescription settle(Prescription stored, Instant now, Terms terms) {
        Prescription current = stored;
        Prescription next = TimeRules.step(current, now, terms);
        while (!next.equals(current)) {
            current = next;
            next = TimeRules.step(current, now, terms);
        }
        return current;
    }
}
