package org.yifang.prescription;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.inline;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.generated.Tables.PRESCRIPTION_LINE;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Query;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.fhir.SqlCaller;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.life.Circulation;
import org.yifang.prescription.life.SightViews;
import org.yifang.prescription.life.State;
import org.yifang.price.compare.Comparison;
import org.yifang.price.compare.OpenPrescriptions;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/// Tells the price comparison what is still open of a prescription, and to whom it may be told.
public final class ComparableViews implements OpenPrescriptions {
    private static final int LINES_MOST = 200;
    private static final List<Field<?>> LINE =
            List.of(
                    PRESCRIPTION_LINE.ID,
                    PRESCRIPTION_LINE.LINE,
                    PRESCRIPTION_LINE.DRUG_CODE,
                    PRESCRIPTION_LINE.PRODUCT_ONLY,
                    PRESCRIPTION_LINE.REMAINING);

    private final Database database;
    private final Catalogue catalogue;

    public ComparableViews(Database database, Catalogue catalogue) {
        this.database = database;
        this.catalogue = catalogue;
    }

    /// @param who whose values the statement takes behind the id
    private record Find(Statement statement, SqlCaller who) {}

    /// A prescription with its open lines, for each role that owns prescriptions: one statement,
    /// written once, since comparisons are asked for often.
    private static final Map<Role, Find> FIND = new EnumMap<>(Role.class);

    static {
        for (Role role : Role.values()) {
            Function<SqlCaller, Condition> own = SightViews.own(role);
            if (own != null) {
                FIND.put(role, find(own));
            }
        }
    }

    private static Find find(Function<SqlCaller, Condition> own) {
        List<SqlCaller> whos = new ArrayList<>();
        Statement statement =
                Statement.of(p -> {
                    Condition same = PRESCRIPTION.ID.eq(p.like(PRESCRIPTION.ID));
                    SqlCaller who = SqlCaller.anybody(p);
                    whos.add(who);
                    return SQL.select(
                                    PRESCRIPTION.PATIENT_ID,
                                    PRESCRIPTION.HOSPITAL_ID,
                                    PRESCRIPTION.CIRCULATION,
                                    PRESCRIPTION.STATE)
                            .select(LINE)
                            .from(PRESCRIPTION)
                            .leftJoin(PRESCRIPTION_LINE)
                            .on(PRESCRIPTION_LINE.PRESCRIPTION_ID.eq(PRESCRIPTION.ID))
                            .and(isOpen())
                            .where(same.and(own.apply(who)))
                            .orderBy(PRESCRIPTION_LINE.LINE)
                            .limit(inline(LINES_MOST));
                });
        return new Find(statement, whos.getLast());
    }

    @Override
    public Found find(UUID task, Caller caller) {
        Find find = FIND.get(caller.role());
        if (find == null) {
            throw notFor(caller.role());
        }
        List<@Nullable Object> values = new ArrayList<>();
        values.add(task);
        values.addAll(find.who().valuesOf(caller, Instant.EPOCH));
        var rows = database.run(find.statement(), values.toArray());
        for (Row row : rows) {
            refuseWhenOver(Rows.get(row, PRESCRIPTION.STATE));
            UUID hospital = Rows.get(row, PRESCRIPTION.HOSPITAL_ID);
            boolean open = Circulation.OPEN.is(Rows.get(row, PRESCRIPTION.CIRCULATION));
            return new Found(
                    Rows.get(row, PRESCRIPTION.PATIENT_ID),
                    lines(rows, catalogue),
                    pharmacy -> mayDispense(pharmacy, hospital, open));
        }
        throw unknown(task);
    }

    @Override
    public Found hold(UUID task, Caller caller) {
        // Whoever ends it locks it first, and then sees what was written under this lock.
        database.run(
                SQL.select(PRESCRIPTION.ID)
                        .from(PRESCRIPTION)
                        .where(PRESCRIPTION.ID.eq(task))
                        .and(mine(caller))
                        .forShare());
        return find(task, caller);
    }

    private static final Statement STILL_OPEN =
            Statement.of(p ->
                    SQL.select(PRESCRIPTION_LINE.ID)
                            .from(PRESCRIPTION_LINE)
                            .where(PRESCRIPTION_LINE.ID.eq(any(p.array(PRESCRIPTION_LINE.ID))))
                            .and(isOpen()));

    @Override
    public Set<UUID> stillOpen(Collection<UUID> lines) {
        Set<UUID> open = new HashSet<>();
        for (Row row : database.run(STILL_OPEN, (Object) lines.toArray(UUID[]::new))) {
            open.add(Rows.get(row, PRESCRIPTION_LINE.ID));
        }
        return open;
    }

    @Override
    public boolean hasLine(UUID task, UUID line) {
        return database.run(
                                SQL.select(PRESCRIPTION_LINE.ID)
                                        .from(PRESCRIPTION_LINE)
                                        .where(PRESCRIPTION_LINE.ID.eq(line))
                                        .and(PRESCRIPTION_LINE.PRESCRIPTION_ID.eq(task))
                                        .limit(1))
                        .rowCount()
                > 0;
    }

    @Override
    public UUID patientOf(UUID task, Caller caller) {
        for (Row row :
                database.run(
                        SQL.select(PRESCRIPTION.PATIENT_ID)
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.ID.eq(task))
                                .and(mine(caller)))) {
            return Rows.get(row, PRESCRIPTION.PATIENT_ID);
        }
        throw unknown(task);
    }

    private static Problem unknown(UUID task) {
        return new Problem(ProblemCode.NOT_FOUND, "There is no Task `" + task + "` for you.");
    }

    /// As a claim sees it: what circulates is valid everywhere, another hospital's own pharmacy
    /// included.
    private static boolean mayDispense(Organization pharmacy, UUID hospital, boolean open) {
        return open || hospital.equals(pharmacy.partOf());
    }

    private static Condition mine(Caller caller) {
        Function<SqlCaller, Condition> own = SightViews.own(caller.role());
        if (own == null) {
            throw notFor(caller.role());
        }
        return own.apply(SqlCaller.is(caller, Instant.EPOCH));
    }

    private static Problem notFor(Role role) {
        return new Problem(
                ProblemCode.NOT_FOR_THIS_ROLE,
                "Prices are not compared for a " + role.code() + ".");
    }

    /// Prices are of use as long as something may still be handed out, today or later.
    private static void refuseWhenOver(String state) {
        @Nullable ProblemCode code =
                switch (State.of(state)) {
                    case REVIEW_REFUSED -> ProblemCode.REVIEW_REFUSED;
                    case CANCELLED, REST_CANCELLED -> ProblemCode.CANCELLED;
                    case EXPIRED, REST_EXPIRED -> ProblemCode.EXPIRED;
                    case SUSPENDED -> ProblemCode.ON_HOLD;
                    case DISPENSED -> ProblemCode.ALREADY_DISPENSED;
                    case AWAITING_REVIEW,
                            AWAITING_CLAIM,
                            CLAIMED,
                            PARTLY_DISPENSED,
                            REST_AWAITING_CLAIM,
                            AWAITING_NEXT_FILL ->
                            null;
                };
        if (code != null) {
            throw new Problem(
                    code, "The prescription is `" + state + "`: nothing can be had of it.");
        }
    }

    /// The lines with something left, as they stand within a transaction.
    static List<Comparison.Line> open(Tx tx, UUID task, Catalogue catalogue) {
        return lines(tx.run(openLines(task)), catalogue);
    }

    private static Condition isOpen() {
        return PRESCRIPTION_LINE.REMAINING.gt(inline(BigDecimal.ZERO));
    }

    private static Query openLines(UUID task) {
        return SQL.select(LINE)
                .from(PRESCRIPTION_LINE)
                .where(PRESCRIPTION_LINE.PRESCRIPTION_ID.eq(task))
                .and(isOpen())
                .orderBy(PRESCRIPTION_LINE.LINE)
                .limit(LINES_MOST);
    }

    private static List<Comparison.Line> lines(RowSet<Row> rows, Catalogue catalogue) {
        List<Comparison.Line> lines = new ArrayList<>();
        for (Row row : rows) {
            String code = Rows.find(row, PRESCRIPTION_LINE.DRUG_CODE);
            // A prescription without an open line comes as one row without a line.
            Drug drug = code == null ? null : catalogue.find(code).orElse(null);
            if (drug != null) {
                lines.add(
                        new Comparison.Line(
                                Rows.get(row, PRESCRIPTION_LINE.ID),
                                Rows.get(row, PRESCRIPTION_LINE.LINE),
                                drug,
                                Rows.get(row, PRESCRIPTION_LINE.REMAINING),
                                Rows.get(row, PRESCRIPTION_LINE.PRODUCT_ONLY)));
            }
        }
        return lines;
    }
}
