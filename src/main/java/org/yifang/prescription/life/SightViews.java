package org.yifang.prescription.life;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.selectOne;
import static org.yifang.generated.Tables.PRESCRIPTION;
import static org.yifang.generated.Tables.PRESCRIPTION_CLAIM;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.SqlCaller;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.Sight;
import org.yifang.platform.data.Prepared;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/// Who may see a prescription: its hospital, its patient, who holds or held it, and its reviewers.
/// What a caller may not see does not exist for it, whether it reads or acts.
public final class SightViews {
    /// What a client is registered for that also reviews what its hospital left lying.
    public static final String POOL = "pool";

    /// The prescriptions of a hospital.
    public static Condition issued(SqlCaller who) {
        return issuedBy(who.organizationId());
    }

    private static Condition issuedBy(Field<UUID> hospital) {
        return PRESCRIPTION.HOSPITAL_ID.eq(hospital);
    }

    /// The prescriptions of the patient.
    public static Condition prescribed(SqlCaller who) {
        return who.own(PRESCRIPTION.PATIENT_ID, PRESCRIPTION.ID);
    }

    /// What a pharmacy holds or held.
    public static Condition held(SqlCaller who) {
        return heldBy(who.organizationId());
    }

    private static Condition heldBy(Field<UUID> pharmacy) {
        return exists(
                selectOne()
                        .from(PRESCRIPTION_CLAIM)
                        .where(PRESCRIPTION_CLAIM.PRESCRIPTION_ID.eq(PRESCRIPTION.ID))
                        .and(PRESCRIPTION_CLAIM.PHARMACY_ID.eq(pharmacy)));
    }

    /// What a pharmacy holds now.
    public static Condition heldNow(SqlCaller who) {
        return PRESCRIPTION.CLAIMED_BY.eq(who.organizationId());
    }

    /// What is a caller's own now: its hospital's, who holds it, its patient's; null for a role
    /// that owns none.
    public static @Nullable Function<SqlCaller, Condition> own(Role role) {
        return switch (role) {
            case HOSPITAL -> SightViews::issued;
            case PHARMACY -> SightViews::heldNow;
            case PATIENT -> SightViews::prescribed;
            case REVIEWER, BUREAU, AUDITOR, OPERATOR -> null;
        };
    }

    /// What waits at a reviewer's hospitals, what is overdue where it is of the county's pool, and
    /// what it reviewed itself.
    public static Condition toReview(SqlCaller who) {
        // Asked for in the order in which the statement takes them.
        Condition waits = waits(who);
        Condition done = who.clientId().eq(any(PRESCRIPTION.REVIEWED_BY));
        return PRESCRIPTION.REVIEW_DUE.isNotNull().and(waits.or(done));
    }

    /// Of [#toReview], what still waits.
    public static Condition awaitsReviewBy(SqlCaller who) {
        return PRESCRIPTION.REVIEW_DUE.isNotNull().and(waits(who));
    }

    private static Condition waits(SqlCaller who) {
        Condition waits = PRESCRIPTION.STATE.eq(inline(State.AWAITING_REVIEW.code()));
        Condition own = PRESCRIPTION.HOSPITAL.eq(any(who.reviewsFor()));
        Condition overdue =
                PRESCRIPTION.REVIEW_DUE.le(who.now()).and(inline(POOL).eq(any(who.reviewsFor())));
        return waits.and(own.or(overdue));
    }

    /// Prescriptions that an organization names when it tells of something else.
    private record Naming(UUID organization, UUID[] tasks) {}

    private static final Prepared<Naming> NAMED =
            Prepared.of(v ->
                    SQL.select(PRESCRIPTION.ID, PRESCRIPTION.PATIENT_ID)
                            .from(PRESCRIPTION)
                            .where(PRESCRIPTION.ID.eq(any(v.array(PRESCRIPTION.ID, Naming::tasks))))
                            .and(
                                    issuedBy(v.of(PRESCRIPTION.HOSPITAL_ID, Naming::organization))
                                            .or(
                                                    heldBy(
                                                            v.of(
                                                                    PRESCRIPTION_CLAIM.PHARMACY_ID,
                                                                    Naming::organization)))));

    /// The patient of each of `tasks` that the organization may name: it issued it, holds or held
    /// it.
    public static Map<UUID, UUID> patientsOf(Tx tx, UUID organization, Collection<UUID> tasks) {
        Map<UUID, UUID> patients = new HashMap<>();
        Naming naming = new Naming(organization, tasks.toArray(UUID[]::new));
        for (Row row : NAMED.start(tx, naming).await()) {
            patients.put(Rows.get(row, PRESCRIPTION.ID), Rows.get(row, PRESCRIPTION.PATIENT_ID));
        }
        return patients;
    }

    /// Declares these for a resource of a prescription.
    public static Stored of(Stored stored) {
        return stored.visible(Role.HOSPITAL, SightViews::issued)
                .visible(Role.PATIENT, SightViews::prescribed)
                .visible(Role.PHARMACY, SightViews::held)
                .visible(Role.REVIEWER, SightViews::toReview);
    }

    /// Whether a locked prescription exists for a caller who acts on it. A bureau reads none and
    /// may yet stop any.
    public static boolean reaches(Tx tx, Caller caller, PrescriptionRow row, Instant now) {
        return isNamed(caller, row)
                || switch (caller.role()) {
                    case BUREAU -> true;
                    case PHARMACY -> matches(tx, row, held(SqlCaller.is(caller, now)));
                    case REVIEWER -> matches(tx, row, toReview(SqlCaller.is(caller, now)));
                    case HOSPITAL, PATIENT, AUDITOR, OPERATOR -> false;
                };
    }

    /// The usual case, for which nobody need be asked.
    private static boolean isNamed(Caller caller, PrescriptionRow row) {
        Claim claim = row.prescription().facts().claim();
        List<UUID> last = claim == null ? List.of() : List.of(claim.pharmacy());
        return new Sight(row.id(), row.frame().hospital(), row.frame().patient(), last, null)
                .reaches(caller);
    }

    private static boolean matches(Tx tx, PrescriptionRow row, Condition seen) {
        return tx.run(
                                SQL.selectOne()
                                        .from(PRESCRIPTION)
                                        .where(PRESCRIPTION.ID.eq(row.id()))
                                        .and(seen))
                        .size()
                > 0;
    }

    private SightViews() {}
}
