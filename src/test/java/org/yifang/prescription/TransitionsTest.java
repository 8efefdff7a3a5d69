package org.yifang.prescription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.PRESCRIPTION_TRANSITION;
import static org.yifang.platform.Database.SQL;
import static org.yifang.platform.Rows.get;

import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.Database;
import org.yifang.prescription.Decision.Changed;
import org.yifang.prescription.DispenseRules.Portion;
import org.yifang.prescription.Prescription.*;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/// Every state and every command: what the rules can do is what the database allows, no more and no
/// less.
class TransitionsTest {
    private static final Terms TERMS = Terms.DEFAULT;
    private static final Instant START = Instant.parse("2026-03-02T01:00:00Z");
    private static final UUID HOSPITAL = new UUID(0, 1);
    private static final UUID LINE = new UUID(0, 2);
    private static final Pharmacy PHARMACY = new Pharmacy(new UUID(0, 3), null);
    private static final Pharmacy OTHER = new Pharmacy(new UUID(0, 4), null);

    /// Walks every path that commands and time can take, for one fill and for two.
    @Test
    void the_rules_and_the_table_of_the_database_know_the_same_transitions() {
        Set<String> possible = new TreeSet<>();
        for (int fills = 1; fills <= 2; fills++) {
            explore(new AwaitingReview(facts(fills)), START, 7, possible);
            explore(new AwaitingClaim(facts(fills)), START, 7, possible);
        }
        assertThat(possible).isEqualTo(table());
    }

    private static Facts facts(int fills) {
        return new Facts(
                new UUID(0, 9),
                HOSPITAL,
                new UUID(0, 8),
                START,
                START.plus(Duration.ofDays(3)),
                false,
                null,
                1,
                fills,
                fills == 1 ? Duration.ZERO : Duration.ofDays(28),
                List.of(new Line(LINE, 1, new BigDecimal(2), new BigDecimal(2), BigDecimal.ZERO)),
                null);
    }

    private record Seen(Prescription prescription, Instant now) {}

    private static void explore(Prescription from, Instant start, int depth, Set<String> possible) {
        Set<Seen> level = new java.util.HashSet<>(Set.of(new Seen(from, start)));
        Set<Seen> known = new java.util.HashSet<>(level);
        for (int i = 0; i < depth; i++) {
            Set<Seen> next = new java.util.HashSet<>();
            for (Seen seen : level) {
                for (Seen after : successors(seen)) {
                    note(seen.prescription(), after.prescription(), possible);
                    if (known.add(after)) {
                        next.add(after);
                    }
                }
            }
            level = next;
        }
    }

    private static void note(Prescription from, Prescription to, Set<String> possible) {
        if (from.state() != to.state()) {
            possible.add(from.state().code() + " -> " + to.state().code());
        }
    }

    private static List<Seen> successors(Seen seen) {
        List<Seen> all = new ArrayList<>();
        Prescription now = seen.prescription();
        Prescription settled = TimeRules.step(now, seen.now(), TERMS);
        if (settled != now) {
            // No command meets a prescription before time's work is written down.
            return List.of(new Seen(settled, seen.now()));
        }
        for (Function<Prescription, @Nullable Decision> command : commands(seen.now())) {
            if (command.apply(now) instanceof Changed(var next)) {
                all.add(new Seen(next, seen.now()));
            }
        }
        for (Duration wait :
                List.of(
                        Duration.ofMinutes(30),
                        Duration.ofDays(3),
                        Duration.ofDays(28),
                        Duration.ofDays(36))) {
            Instant later = START.plus(wait);
            if (!later.isBefore(seen.now())) {
                all.add(new Seen(TimeRules.step(now, later, TERMS), later));
            }
        }
        return all;
    }

    private static List<Function<Prescription, @Nullable Decision>> commands(Instant now) {
        List<Function<Prescription, @Nullable Decision>> commands = new ArrayList<>();
        commands.add(one -> HospitalRules.review(one, true));
        commands.add(one -> HospitalRules.review(one, false));
        commands.add(HospitalRules::cancel);
        commands.add(one -> HospitalRules.suspend(one, null));
        commands.add(HospitalRules::resume);
        commands.add(one -> ClaimRules.claim(one, PHARMACY, now, TERMS));
        commands.add(one -> ClaimRules.claim(one, OTHER, now, TERMS));
        commands.add(ClaimRules::releaseByPatient);
        commands.add(one -> ClaimRules.release(one, PHARMACY.id(), number(one)));
        for (boolean keep : new boolean[] {true, false}) {
            for (int units = 1; units <= 2; units++) {
                Portion portion = new Portion(LINE, new BigDecimal(units));
                commands.add(one -> dispense(one, portion, keep, now));
            }
        }
        for (int units = 1; units <= 2; units++) {
            BigDecimal back = new BigDecimal(units);
            commands.add(one -> takeBack(one, back, now));
        }
        return commands;
    }

    private static int number(Prescription one) {
        Claim claim = one.facts().claim();
        return claim == null ? 0 : claim.number();
    }

    private static @Nullable Decision dispense(
            Prescription one, Portion portion, boolean keep, Instant now) {
        return DispenseRules.mayNot(one, PHARMACY.id(), number(one)) == null
                ? DispenseRules.dispense(one, List.of(portion), keep, now)
                : null;
    }

    private static @Nullable Decision takeBack(Prescription one, BigDecimal units, Instant now) {
        Line line = one.facts().lines().getFirst();
        return line.dispensed().compareTo(units) < 0
                ? null
                : new Changed(
                        DispenseRules.takeBack(one, LINE, units, one.facts().fill(), now, TERMS));
    }

    private static Set<String> table() {
        Vertx vertx = Vertx.vertx();
        Database database = new Database(vertx, TestDatabase.migrated(), 2);
        Set<String> table = new TreeSet<>();
        database.run(
                        SQL.select(
                                        PRESCRIPTION_TRANSITION.FROM_STATE,
                                        PRESCRIPTION_TRANSITION.TO_STATE)
                                .from(PRESCRIPTION_TRANSITION)
                                .limit(1000))
                .forEach(row ->
                        table.add(
                                get(row, PRESCRIPTION_TRANSITION.FROM_STATE)
                                        + " -> "
                                        + get(row, PRESCRIPTION_TRANSITION.TO_STATE)));
        database.close().await();
        vertx.close().await();
        return table;
    }
}
