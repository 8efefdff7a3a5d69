package org.yifang.prescription.review;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.Claim;
import org.yifang.prescription.life.Facts;
import org.yifang.prescription.life.Moment;
import org.yifang.prescription.life.MomentListener;
import org.yifang.prescription.life.State;
import org.yifang.prescription.read.DocumentViews;
import org.yifang.queue.intake.QueueMoments;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/// Tells the queues what happens to prescriptions: how long each waits for its review at the
/// hospital, for its preparation and for its hand-over at the pharmacy.
///
/// A ticket of the hospital carries the prescription's number, one of a pharmacy that number and
/// the claim's, so that a second pharmacy is a second wait.
public final class Waiting implements MomentListener {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private final QueueMoments queues;
    private final Organizations organizations;

    public Waiting(QueueMoments queues, Organizations organizations) {
        this.queues = queues;
        this.organizations = organizations;
    }

    // An expression, since of a statement the compiler does not ask for every action.
    @Override
    public void hear(Tx tx, Moment moment) {
        Runnable heard =
                switch (moment.action()) {
                    case ARRIVED ->
                            () -> atPharmacy(tx, moment, QueueMoments.Moment.ARRIVED, moment.at());
                    case PAID ->
                            () -> atPharmacy(tx, moment, QueueMoments.Moment.PAID, moment.at());
                    case PREPARED ->
                            () -> atPharmacy(tx, moment, QueueMoments.Moment.READY, moment.at());
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
                            () -> change(tx, moment);
                };
        heard.run();
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
        number(organization)
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
        return named(facts, DocumentViews.visit(tx, facts.id()));
    }

    private Optional<String> number(UUID organization) {
        return organizations.byId(organization).map(Organization::number);
    }

    private @Nullable String named(Facts facts, @Nullable String visit) {
        String hospital = number(facts.hospital()).orElse(null);
        return visit == null || hospital == null ? null : hospital + "/" + visit;
    }
}
