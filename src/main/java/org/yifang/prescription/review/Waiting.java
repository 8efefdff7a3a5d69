package org.yifang.prescription.review;

import static org.yifang.generated.Tables.CLINICAL_RESOURCE;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Statement;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.Claim;
import org.yifang.prescription.life.Facts;
import org.yifang.prescription.life.Moment;
import org.yifang.prescription.life.State;
import org.yifang.queue.intake.QueueMoments;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Tells the queues what happens to prescriptions: how long each waits for its review at the
/// hospital, for its preparation and for its hand-over at the pharmacy.
///
/// A ticket of the hospital carries the prescription's number, one of a pharmacy that number and
/// the claim's, so that a second pharmacy is a second wait.
public final class Waiting implements BiConsumer<Tx, Moment> {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private static final Statement VISIT =
            Statement.of(p ->
                    SQL.select(CLINICAL_RESOURCE.IDENTIFIER)
                            .from(CLINICAL_RESOURCE)
                            .where(
                                    CLINICAL_RESOURCE.PRESCRIPTION_ID.eq(
                                            p.like(CLINICAL_RESOURCE.PRESCRIPTION_ID)))
                            .and(CLINICAL_RESOURCE.TYPE.eq(DSL.inline("Encounter")))
                            .limit(DSL.inline(1)));

    private final QueueMoments queues;
    private final Function<UUID, Optional<String>> numbers;

    /// @param numbers number of an organization, nhsa-org
    public Waiting(QueueMoments queues, Function<UUID, Optional<String>> numbers) {
        this.queues = queues;
        this.numbers = numbers;
    }

    @Override
    public void accept(Tx tx, Moment moment) {
        switch (moment.action()) {
            case ARRIVED, PAID, PREPARED -> progress(tx, moment);
            case SUBMIT_PRESCRIPTION,
                    REVIEW,
                    CANCEL,
                    SUSPEND,
                    RESUME,
                    CHOOSE_PHARMACY,
                    CLAIM,
                    RENEW,
                    RELEASE,
                    DISPENSE,
                    TAKE_BACK,
                    PROGRESS,
                    PICKUP_SLIP,
                    CONSENT,
                    TIME,
                    REVIEW_OVERDUE ->
                    change(tx, moment);
        }
    }

    private void progress(Tx tx, Moment moment) {
        QueueMoments.Moment told = QueueMoments.Moment.ofProgress(moment.action().code());
        if (told != null) {
            atPharmacy(tx, moment, told, moment.at());
        }
    }

    private void change(Tx tx, Moment moment) {
        State before = moment.before();
        State after = moment.after().state();
        if (after == State.AWAITING_REVIEW && before == null) {
            atHospital(tx, moment, QueueMoments.Moment.SUBMITTED);
        } else if (before == State.AWAITING_REVIEW && after != before) {
            boolean reviewed = moment.action() == Action.REVIEW;
            atHospital(
                    tx,
                    moment,
                    reviewed ? QueueMoments.Moment.REVIEWED : QueueMoments.Moment.REVIEW_GIVEN_UP);
        }
        Claim claim = moment.after().facts().claim();
        if (claim == null) {
            return;
        }
        if (moment.action() == Action.CLAIM) {
            atPharmacy(tx, moment, QueueMoments.Moment.CLAIMED, moment.at());
        } else if (moment.action() == Action.DISPENSE) {
            // Who hands out has prepared before, whether that was told or not.
            atPharmacy(tx, moment, QueueMoments.Moment.READY, moment.at());
            atPharmacy(tx, moment, QueueMoments.Moment.HANDED_OVER, moment.at());
        } else if (isHeld(before) && claim.ended() != null) {
            boolean late = claim.leaseUntil().isBefore(moment.at());
            Instant at = late ? claim.leaseUntil() : moment.at();
            atPharmacy(tx, moment, QueueMoments.Moment.RELEASED, at);
            atPharmacy(tx, moment, QueueMoments.Moment.COUNTER_LEFT, at);
        }
    }

    private static boolean isHeld(@Nullable State state) {
        return state == State.CLAIMED || state == State.PARTLY_DISPENSED;
    }

    private void atHospital(Tx tx, Moment moment, QueueMoments.Moment told) {
        Facts facts = moment.after().facts();
        String visit = told == QueueMoments.Moment.SUBMITTED ? named(facts, moment.visit()) : null;
        tell(
                tx,
                moment,
                told,
                moment.at(),
                facts.hospital(),
                moment.number(),
                visit,
                moment.createdAt());
    }

    private void atPharmacy(Tx tx, Moment moment, QueueMoments.Moment told, Instant at) {
        Facts facts = moment.after().facts();
        Claim claim = Objects.requireNonNull(facts.claim());
        // The waits of a later fill belong to no visit any more.
        boolean ofVisit = told.begins() && facts.fill() == 1;
        tell(
                tx,
                moment,
                told,
                at,
                claim.pharmacy(),
                moment.number() + "-" + claim.number(),
                ofVisit ? visit(tx, facts) : null,
                claim.since());
    }

    private void tell(
            Tx tx,
            Moment moment,
            QueueMoments.Moment told,
            Instant at,
            UUID organization,
            String ticket,
            @Nullable String visit,
            Instant begun) {
        Facts facts = moment.after().facts();
        numbers.apply(organization)
                .ifPresent(number ->
                        queues.tell(
                                tx,
                                new QueueMoments.Prescription(
                                        facts.id(),
                                        facts.patient(),
                                        ticket,
                                        LocalDate.ofInstant(begun, SHANGHAI),
                                        visit,
                                        organization,
                                        number),
                                told,
                                at));
    }

    /// The visit that a prescription was written at, as every organization may name it: the
    /// hospital's number and the visit's.
    private @Nullable String visit(Tx tx, Facts facts) {
        for (Row row : tx.run(VISIT, facts.id())) {
            return named(facts, Rows.find(row, CLINICAL_RESOURCE.IDENTIFIER));
        }
        return null;
    }

    private @Nullable String named(Facts facts, @Nullable String visit) {
        String hospital = numbers.apply(facts.hospital()).orElse(null);
        return visit == null || hospital == null ? null : hospital + "/" + visit;
    }
}
