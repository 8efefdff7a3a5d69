package org.yifang.queue.plan;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Registers plans, published in the audit log with the same commit, counts every other question,
/// and keeps what was answered.
public final class PlanDesk {
    private final Database database;
    private final Audit audit;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final PlanStore store;

    public PlanDesk(Database database, Audit audit, InstantSource clock, Uuid7 ids, String region) {
        this.database = database;
        this.audit = audit;
        this.clock = clock;
        this.ids = ids;
        this.store = new PlanStore(database, region);
    }

    /// A plan and whether it was registered by this very call.
    record Registered(Plan plan, boolean isNew) {}

    /// Registers a plan, or finds the very same one again.
    ///
    /// @throws Problem `RX-5010` once its period has begun, `RX-5111` when another plan of the goal
    ///   has a site and a day in common with it
    Registered register(Caller caller, PlanDraft draft) {
        // As precisely as the database keeps it.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return database.inTransaction(tx -> {
            store.lock(tx, draft.goal());
            List<Plan> known = store.plans(tx, draft.goal());
            Optional<Plan> same =
                    known.stream()
                            .filter(plan -> plan.draft().canonical().equals(draft.canonical()))
                            .findFirst();
            if (same.isPresent()) {
                return new Registered(same.get(), false);
            }
            if (!PlanRules.isEarly(draft, now)) {
                throw begun(draft);
            }
            PlanRules.overlapping(draft, known)
                    .ifPresent(other -> {
                        throw overlapping(other);
                    });
            return new Registered(insert(tx, caller, draft, now), true);
        });
    }

    private Plan insert(Tx tx, Caller caller, PlanDraft draft, Instant now) {
        UUID id = ids.get();
        Access access =
                new Access(
                        caller,
                        caller.address(),
                        caller.requestId(),
                        "operation",
                        "register-plan",
                        'C',
                        null,
                        List.of(),
                        List.of(),
                        List.of("Measure/" + id),
                        "plan sha-256 " + HexFormat.of().formatHex(draft.hash()),
                        draft.canonical());
        Plan plan =
                new Plan(
                        id,
                        draft,
                        caller.organization(),
                        caller.clientId(),
                        now,
                        PlanRules.verdictAt(draft),
                        audit.append(tx, access),
                        false);
        store.insert(tx, plan);
        return plan;
    }

    /// Registers a plan of the demonstration, dated back: only its loader calls this.
    public Plan demonstrate(PlanDraft draft, String organization, Instant registeredAt) {
        return database.inTransaction(tx -> {
            store.lock(tx, draft.goal());
            for (Plan plan : store.plans(tx, draft.goal())) {
                if (plan.demonstration() && plan.draft().title().equals(draft.title())) {
                    return plan;
                }
            }
            Plan plan =
                    new Plan(
                            ids.get(),
                            draft,
                            organization,
                            "demonstration",
                            registeredAt,
                            // As finely as `$evaluation-status` tells a moment in an address.
                            clock.instant().truncatedTo(ChronoUnit.MILLIS),
                            null,
                            true);
            store.insert(tx, plan);
            return plan;
        });
    }

    private static Problem begun(PlanDraft draft) {
        return new Problem(
                ProblemCode.PLAN_TOO_LATE,
                "The period begins on `" + draft.periodStart() + "`, which is not ahead of today.",
                "Register a plan before the first day of its period.");
    }

    private static Problem overlapping(Plan other) {
        return new Problem(
                ProblemCode.PLAN_OVERLAPS,
                "The plan `Measure/%s` (`%s`) has a site and days from `%s` to `%s` already."
                        .formatted(
                                other.id(),
                                other.draft().title(),
                                other.draft().periodStart(),
                                other.draft().periodEnd()),
                "Plans of one goal and site have no day of their periods in common.");
    }

    /// The plans of a goal.
    List<Plan> plans(String goal) {
        return store.plans(goal);
    }

    /// What was answered for a plan so far.
    List<PlanStore.Result> results(Plan plan) {
        return store.results(plan.id());
    }

    /// A plan of a goal by its id.
    public Optional<Plan> find(String goal, UUID id) {
        return store.find(goal, id);
    }

    /// A plan of any goal by its id.
    Optional<Plan> find(String id) {
        try {
            return store.find(UUID.fromString(id));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /// The how-manieth question of its goal this is; the same asked again keeps its number.
    ///
    /// @param plan whose early reading it is, null for a question of the caller's own
    public long number(String goal, String question, Instant asOf, @Nullable Plan plan) {
        return database.inTransaction(tx -> {
            store.lock(tx, goal);
            return store.number(
                    tx, goal, question, asOf, plan == null ? null : plan.id(), clock.instant());
        });
    }

    /// Keeps what a report said first, so that plans are listed with every result.
    public void keep(
            UUID report,
            String goal,
            @Nullable Plan plan,
            Instant asOf,
            Verdict verdict,
            Words sentence) {
        database.inTransaction(tx -> {
            store.keep(
                    tx,
                    report,
                    goal,
                    plan == null ? null : plan.id(),
                    plan != null && plan.isVerdict(asOf),
                    asOf,
                    verdict,
                    sentence,
                    clock.instant());
            return true;
        });
    }
}
