package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.DispenseRules.Portion;
import org.yifang.prescription.life.Prescription.*;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// Walks every path that commands and time can take from a submission on, and notes what it meets.
public final class Exploration {
    private static final Terms TERMS = Terms.DEFAULT;
    private static final int DEPTH = 7;
    private static final Instant START = Instant.parse("2026-03-02T01:00:00Z");
    private static final UUID LINE = new UUID(0, 2);
    private static final Pharmacy PHARMACY = new Pharmacy(new UUID(0, 3), null);
    private static final Pharmacy OTHER = new Pharmacy(new UUID(0, 4), null);

    /// A change of state and what brings it.
    public record Edge(State from, State to, String command) implements Comparable<Edge> {
        @Override
        public int compareTo(Edge other) {
            return java.util.Comparator.comparing(Edge::from)
                    .thenComparing(Edge::to)
                    .thenComparing(Edge::command)
                    .compare(this, other);
        }
    }

    /// A command as somebody may give it.
    private record Command(String name, Rule rule) {}

    /// What a command does to a prescription; null when nobody could give it.
    private interface Rule {
        @Nullable Decision decide(Prescription prescription, Instant now);
    }

    private record Seen(Prescription prescription, Instant now) {}

    private static final List<Command> COMMANDS = commands();

    /// Changes of state.
    public final Set<Edge> edges = new TreeSet<>();

    /// For each state and command everything that came of it: `→ state`, `stays`, `again`, RX code.
    final Map<State, Map<String, Set<String>>> outcomes = new TreeMap<>();

    private Exploration() {}

    /// For one fill and for two, reviewed by the hospital or not.
    public static Exploration run() {
        Exploration exploration = new Exploration();
        for (int fills = 1; fills <= 2; fills++) {
            exploration.from(new AwaitingReview(facts(fills)));
            exploration.from(new AwaitingClaim(facts(fills)));
        }
        return exploration;
    }

    /// The names of all commands, in the order of a prescription's life.
    static List<String> names() {
        return COMMANDS.stream().map(Command::name).distinct().toList();
    }

    private static Facts facts(int fills) {
        BigDecimal two = new BigDecimal(2);
        return new Facts(
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
                List.of(new Line(LINE, 1, two, two, BigDecimal.ZERO)),
                null);
    }

    private void from(Prescription start) {
        Set<Seen> level = new HashSet<>(Set.of(new Seen(start, START)));
        Set<Seen> known = new HashSet<>(level);
        for (int i = 0; i < DEPTH; i++) {
            Set<Seen> next = new HashSet<>();
            for (Seen seen : level) {
                for (Seen after : successors(seen)) {
                    if (known.add(after)) {
                        next.add(after);
                    }
                }
            }
            level = next;
        }
    }

    private List<Seen> successors(Seen seen) {
        Prescription now = seen.prescription();
        Prescription settled = TimeRules.step(now, seen.now(), TERMS);
        if (!settled.equals(now)) {
            // No command meets a prescription before time's work is written down.
            edge(now, settled, "time");
            return List.of(new Seen(settled, seen.now()));
        }
        List<Seen> all = new ArrayList<>();
        for (Command command : COMMANDS) {
            Decision decision = command.rule().decide(now, seen.now());
            if (decision != null) {
                note(now.state(), command.name(), decision);
            }
            if (decision instanceof Changed(var next)) {
                edge(now, next, command.name());
                all.add(new Seen(next, seen.now()));
            }
        }
        for (Duration wait :
                List.of(
                        Duration.ofMinutes(20),
                        Duration.ofMinutes(30),
                        Duration.ofDays(3),
                        Duration.ofDays(28),
                        Duration.ofDays(36))) {
            Instant later = START.plus(wait);
            if (!later.isBefore(seen.now())) {
                Prescription next = TimeRules.step(now, later, TERMS);
                edge(now, next, "time");
                all.add(new Seen(next, later));
            }
        }
        return all;
    }

    private void edge(Prescription from, Prescription to, String command) {
        if (from.state() != to.state()) {
            edges.add(new Edge(from.state(), to.state(), command));
        }
    }

    private void note(State state, String command, Decision decision) {
        String outcome =
                switch (decision) {
                    case Changed(var next) when next.state() != state -> "→ " + next.state().code();
                    case Changed _ -> "stays";
                    case Unchanged _ -> "again";
                    case Refused refused -> refused.code().code();
                };
        outcomes.computeIfAbsent(state, _ -> new TreeMap<>())
                .computeIfAbsent(command, _ -> new TreeSet<>())
                .add(outcome);
    }

    private static List<Command> commands() {
        List<Command> commands = new ArrayList<>();
        commands.add(new Command("approve", (one, _) -> HospitalRules.review(one, true)));
        commands.add(new Command("refuse", (one, _) -> HospitalRules.review(one, false)));
        commands.add(new Command("cancel", (one, _) -> HospitalRules.cancel(one)));
        commands.add(new Command("suspend", (one, _) -> HospitalRules.suspend(one, null)));
        commands.add(new Command("resume", (one, _) -> HospitalRules.resume(one)));
        commands.add(new Command("choose", (one, _) -> ClaimRules.choose(one, PHARMACY)));
        commands.add(new Command("choose", (one, _) -> ClaimRules.choose(one, null)));
        commands.add(
                new Command(
                        "claim",
                        (one, now) -> holder(one) == null ? claim(one, PHARMACY, now) : null));
        commands.add(
                new Command(
                        "claim",
                        (one, now) -> holder(one) == null ? claim(one, OTHER, now) : null));
        commands.add(
                new Command(
                        "claim by another",
                        (one, now) -> holder(one) == null ? null : claim(one, another(one), now)));
        commands.add(
                new Command(
                        "claim again",
                        (one, now) ->
                                holder(one) == null
                                        ? null
                                        : claim(one, new Pharmacy(latest(one), null), now)));
        commands.add(
                new Command(
                        "renew",
                        (one, now) -> ClaimRules.renew(one, latest(one), number(one), now, TERMS)));
        commands.add(
                new Command(
                        "release", (one, _) -> ClaimRules.release(one, latest(one), number(one))));
        commands.add(new Command("end the claim", (one, _) -> ClaimRules.releaseByPatient(one)));
        for (boolean keep : new boolean[] {true, false}) {
            for (int units = 1; units <= 2; units++) {
                Portion portion = new Portion(LINE, new BigDecimal(units));
                commands.add(
                        new Command("dispense", (one, now) -> dispense(one, portion, keep, now)));
            }
        }
        for (int units = 1; units <= 2; units++) {
            BigDecimal back = new BigDecimal(units);
            commands.add(new Command("take back", (one, now) -> takeBack(one, back, now)));
        }
        return List.copyOf(commands);
    }

    private static Decision claim(Prescription one, Pharmacy by, Instant now) {
        return ClaimRules.claim(one, by, now, TERMS);
    }

    private static @Nullable UUID holder(Prescription one) {
        return switch (one) {
            case Claimed(_, var claim) -> claim.pharmacy();
            case PartlyDispensed(_, var claim) -> claim.pharmacy();
            default -> null;
        };
    }

    private static Pharmacy another(Prescription one) {
        return PHARMACY.id().equals(holder(one)) ? OTHER : PHARMACY;
    }

    /// Who holds it or held it last.
    private static UUID latest(Prescription one) {
        Claim claim = one.facts().claim();
        return claim == null ? PHARMACY.id() : claim.pharmacy();
    }

    private static int number(Prescription one) {
        Claim claim = one.facts().claim();
        return claim == null ? 0 : claim.number();
    }

    private static Decision dispense(Prescription one, Portion portion, boolean keep, Instant now) {
        Refused not = DispenseRules.mayNot(one, latest(one), number(one));
        return not == null ? DispenseRules.dispense(one, List.of(portion), keep, now) : not;
    }

    private static @Nullable Decision takeBack(Prescription one, BigDecimal units, Instant now) {
        Line line = one.facts().lines().getFirst();
        return line.dispensed().compareTo(units) < 0
                ? null
                : new Changed(
                        DispenseRules.takeBack(one, LINE, units, one.facts().fill(), now, TERMS));
    }
}
