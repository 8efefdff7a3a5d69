package org.yifang.prescription;

import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.generated.Tables.PRESCRIPTION_LINE;
import static org.yifang.platform.Database.SQL;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

import org.jooq.Condition;
import org.jooq.Query;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.platform.Caller;
import org.yifang.platform.Database;
import org.yifang.platform.Problem;
import org.yifang.platform.ProblemCode;
import org.yifang.platform.Role;
import org.yifang.platform.Rows;
import org.yifang.platform.Tx;
import org.yifang.price.Comparison;
import org.yifang.price.OpenPrescriptions;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Tells the price comparison what is still open of a prescription, and to whom it may be told.
public final class ComparableLines implements OpenPrescriptions {
    private static final int LINES_MOST = 200;

    private final Database database;
    private final Catalogue catalogue;

    public ComparableLines(Database database, Catalogue catalogue) {
        this.database = database;
        this.catalogue = catalogue;
    }

    @Override
    public Found find(UUID task, Caller caller) {
        var rows =
                database.run(
                        SQL.select(
                                        PRESCRIPTION.PATIENT_ID,
                                        PRESCRIPTION.HOSPITAL_ID,
                                        PRESCRIPTION.CIRCULATION,
                                        PRESCRIPTION.STATE)
                                .from(PRESCRIPTION)
                                .where(PRESCRIPTION.ID.eq(task))
                                .and(mine(caller)));
        for (Row row : rows) {
            refuseWhenOver(Rows.get(row, PRESCRIPTION.STATE));
            UUID hospital = Rows.get(row, PRESCRIPTION.HOSPITAL_ID);
            boolean open = Rows.get(row, PRESCRIPTION.CIRCULATION).equals("open");
            return new Found(
                    Rows.get(row, PRESCRIPTION.PATIENT_ID),
                    lines(database.run(openLines(task)), catalogue),
                    pharmacy -> mayDispense(pharmacy, hospital, open));
        }
        throw unknown(task);
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
        return switch (caller.role()) {
            case HOSPITAL -> PRESCRIPTION.HOSPITAL_ID.eq(caller.organizationId());
            case PHARMACY -> PRESCRIPTION.CLAIMED_BY.eq(caller.organizationId());
            case PATIENT -> PRESCRIPTION.PATIENT_ID.eq(caller.patientId());
            case REVIEWER, BUREAU, AUDITOR -> throw notFor(caller.role());
        };
    }

    private static Problem notFor(Role role) {
        return new Problem(
                ProblemCode.NOT_FOR_THIS_ROLE,
                "Prices are not compared for a " + role.code() + ".");
    }

    /// Prices are of use as long as something may still be handed out, today or later.
    private static void refuseWhenOver(String state) {
        @Nullable ProblemCode code =
                switch (state) {
                    case "review-refused" -> ProblemCode.REVIEW_REFUSED;
                    case "cancelled", "rest-cancelled" -> ProblemCode.CANCELLED;
                    case "expired", "rest-expired" -> ProblemCode.EXPIRED;
                    case "suspended" -> ProblemCode.ON_HOLD;
                    case "dispensed" -> ProblemCode.ALREADY_DISPENSED;
                    default -> null;
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

    private static Query openLines(UUID task) {
        return SQL.select(
                        PRESCRIPTION_LINE.ID,
                        PRESCRIPTION_LINE.LINE,
                        PRESCRIPTION_LINE.DRUG_CODE,
                        PRESCRIPTION_LINE.PRODUCT_ONLY,
                        PRESCRIPTION_LINE.REMAINING)
                .from(PRESCRIPTION_LINE)
                .where(PRESCRIPTION_LINE.PRESCRIPTION_ID.eq(task))
                .and(PRESCRIPTION_LINE.REMAINING.gt(BigDecimal.ZERO))
                .orderBy(PRESCRIPTION_LINE.LINE)
                .limit(LINES_MOST);
    }

    private static List<Comparison.Line> lines(RowSet<Row> rows, Catalogue catalogue) {
        List<Comparison.Line> lines = new ArrayList<>();
        for (Row row : rows) {
            Drug drug = catalogue.find(Rows.get(row, PRESCRIPTION_LINE.DRUG_CODE)).orElse(null);
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
