package org.yifang.queue.plan;

import static org.yifang.generated.Tables.MEASURE_PLAN;
import static org.yifang.generated.Tables.MEASURE_QUESTION;
import static org.yifang.generated.Tables.MEASURE_RESULT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Query;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// All SQL of plans, of the questions asked and of what was answered.
final class PlanStore {
    /// More plans of a goal than this are no plans.
    private static final int PLANS_MOST = 10_000;

    private static final int RESULTS_MOST = 1000;

    /// Locks of plans in PostgreSQL's space of advisory locks.
    private static final int LOCK = 5010;

    private final Database database;
    private final String region;

    PlanStore(Database database, String region) {
        this.database = database;
        this.region = region;
    }

    /// What a report said first.
    record Result(
            UUID report,
            boolean isFinal,
            Instant asOf,
            String verdict,
            Words sentence,
            Instant createdAt) {}

    /// Waits until nobody else registers a plan or asks a question of this goal.
    void lock(Tx tx, String goal) {
        tx.run(
                SQL.select(
                        DSL.field(
                                "pg_advisory_xact_lock({0}, hashtext({1}))::text",
                                String.class, DSL.val(LOCK), DSL.val(goal))));
    }

    /// The plans of a goal, in the order in which they were registered.
    List<Plan> plans(Tx tx, String goal) {
        return plans(tx.run(select(MEASURE_PLAN.GOAL.eq(goal))));
    }

    List<Plan> plans(String goal) {
        return plans(database.run(select(MEASURE_PLAN.GOAL.eq(goal))));
    }

    Optional<Plan> find(String goal, UUID id) {
        return plans(database.run(select(MEASURE_PLAN.GOAL.eq(goal).and(MEASURE_PLAN.ID.eq(id)))))
                .stream()
                .findFirst();
    }

    Optional<Plan> find(UUID id) {
        return plans(database.run(select(MEASURE_PLAN.ID.eq(id)))).stream().findFirst();
    }

    private static Query select(Condition which) {
        return SQL.selectFrom(MEASURE_PLAN)
                .where(which)
                .orderBy(MEASURE_PLAN.REGISTERED_AT, MEASURE_PLAN.ID)
                .limit(PLANS_MOST);
    }

    private static List<Plan> plans(Iterable<Row> rows) {
        List<Plan> plans = new ArrayList<>();
        rows.forEach(row -> plans.add(plan(row)));
        return plans;
    }

    private static Plan plan(Row row) {
        PlanDraft draft =
                new PlanDraft(
                        Rows.get(row, MEASURE_PLAN.GOAL),
                        Rows.get(row, MEASURE_PLAN.TITLE),
                        Rows.get(row, MEASURE_PLAN.BASELINE_START),
                        Rows.get(row, MEASURE_PLAN.BASELINE_END),
                        Rows.get(row, MEASURE_PLAN.PERIOD_START),
                        Rows.get(row, MEASURE_PLAN.PERIOD_END),
                        PlanDraft.termsOf(Rows.get(row, MEASURE_PLAN.TERMS)),
                        List.of(Rows.get(row, MEASURE_PLAN.SITES)));
        return new Plan(
                Rows.get(row, MEASURE_PLAN.ID),
                draft,
                Rows.get(row, MEASURE_PLAN.ORGANIZATION),
                Rows.get(row, MEASURE_PLAN.REGISTERED_BY),
                Rows.get(row, MEASURE_PLAN.REGISTERED_AT),
                Rows.get(row, MEASURE_PLAN.VERDICT_AT),
                Rows.find(row, MEASURE_PLAN.AUDIT_EVENT),
                Rows.get(row, MEASURE_PLAN.DEMONSTRATION));
    }

    void insert(Tx tx, Plan plan) {
        PlanDraft draft = plan.draft();
        tx.run(
                SQL.insertInto(MEASURE_PLAN)
                        .set(MEASURE_PLAN.ID, plan.id())
                        .set(MEASURE_PLAN.REGION, region)
                        .set(MEASURE_PLAN.GOAL, draft.goal())
                        .set(MEASURE_PLAN.TITLE, draft.title())
                        .set(MEASURE_PLAN.BASELINE_START, draft.baselineStart())
                        .set(MEASURE_PLAN.BASELINE_END, draft.baselineEnd())
                        .set(MEASURE_PLAN.PERIOD_START, draft.periodStart())
                        .set(MEASURE_PLAN.PERIOD_END, draft.periodEnd())
                        .set(MEASURE_PLAN.TERMS, draft.termsText())
                        .set(MEASURE_PLAN.SITES, draft.sites().toArray(String[]::new))
                        .set(MEASURE_PLAN.HASH, draft.hash())
                        .set(MEASURE_PLAN.DEMONSTRATION, plan.demonstration())
                        .set(MEASURE_PLAN.ORGANIZATION, plan.organization())
                        .set(MEASURE_PLAN.REGISTERED_BY, plan.client())
                        .set(MEASURE_PLAN.REGISTERED_AT, plan.registeredAt())
                        .set(MEASURE_PLAN.VERDICT_AT, plan.verdictAt())
                        .set(MEASURE_PLAN.AUDIT_EVENT, plan.auditEvent()));
    }

    /// The number of a question, a new one unless it was asked before.
    long number(
            Tx tx, String goal, String question, Instant asOf, @Nullable UUID plan, Instant now) {
        byte[] key = PlanDraft.sha256(question + "|" + asOf);
        for (Row row :
                tx.run(
                        SQL.select(MEASURE_QUESTION.NUMBER)
                                .from(MEASURE_QUESTION)
                                .where(MEASURE_QUESTION.GOAL.eq(goal))
                                .and(MEASURE_QUESTION.KEY.eq(key))
                                .limit(1))) {
            return Rows.get(row, MEASURE_QUESTION.NUMBER);
        }
        long number =
                tx.run(
                                        SQL.select(
                                                        DSL.coalesce(
                                                                DSL.max(MEASURE_QUESTION.NUMBER),
                                                                0L))
                                                .from(MEASURE_QUESTION)
                                                .where(MEASURE_QUESTION.GOAL.eq(goal))
                                                .limit(1))
                                .iterator()
                                .next()
                                .getLong(0)
                        + 1;
        tx.run(
                SQL.insertInto(MEASURE_QUESTION)
                        .set(MEASURE_QUESTION.GOAL, goal)
                        .set(MEASURE_QUESTION.NUMBER, number)
                        .set(MEASURE_QUESTION.REGION, region)
                        .set(MEASURE_QUESTION.KEY, key)
                        .set(MEASURE_QUESTION.QUESTION, question)
                        .set(MEASURE_QUESTION.AS_OF, asOf)
                        .set(MEASURE_QUESTION.PLAN_ID, plan)
                        .set(MEASURE_QUESTION.ASKED_AT, now));
        return number;
    }

    /// Keeps what a report said; of two at once the first stays.
    void keep(
            Tx tx,
            UUID report,
            String goal,
            @Nullable UUID plan,
            boolean isFinal,
            Instant asOf,
            Verdict verdict,
            Words sentence,
            Instant now) {
        tx.run(
                SQL.insertInto(MEASURE_RESULT)
                        .set(MEASURE_RESULT.REPORT_ID, report)
                        .set(MEASURE_RESULT.REGION, region)
                        .set(MEASURE_RESULT.GOAL, goal)
                        .set(MEASURE_RESULT.PLAN_ID, plan)
                        .set(MEASURE_RESULT.FINAL, isFinal)
                        .set(MEASURE_RESULT.AS_OF, asOf)
                        .set(MEASURE_RESULT.VERDICT, verdict.code())
                        .set(MEASURE_RESULT.SENTENCE_ZH, sentence.chinese())
                        .set(MEASURE_RESULT.SENTENCE_EN, sentence.english())
                        .set(MEASURE_RESULT.CREATED_AT, now)
                        .onConflictDoNothing());
    }

    /// What was answered for a plan, the earliest first.
    List<Result> results(UUID plan) {
        List<Result> results = new ArrayList<>();
        for (Row row :
                database.run(
                        SQL.selectFrom(MEASURE_RESULT)
                                .where(MEASURE_RESULT.PLAN_ID.eq(plan))
                                .orderBy(MEASURE_RESULT.AS_OF, MEASURE_RESULT.REPORT_ID)
                                .limit(RESULTS_MOST))) {
            results.add(
                    new Result(
                            Rows.get(row, MEASURE_RESULT.REPORT_ID),
                            Rows.get(row, MEASURE_RESULT.FINAL),
                            Rows.get(row, MEASURE_RESULT.AS_OF),
                            Rows.get(row, MEASURE_RESULT.VERDICT),
                            new Words(
                                    Rows.get(row, MEASURE_RESULT.SENTENCE_ZH),
                                    Rows.get(row, MEASURE_RESULT.SENTENCE_EN)),
                            Rows.get(row, MEASURE_RESULT.CREATED_AT)));
        }
        return results;
    }
}
