package org.yifang.prescription;

import org.jspecify.annotations.Nullable;
import org.yifang.notify.Happening;
import org.yifang.notify.OutboxStore;
import org.yifang.notify.Topic;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.Action;
import org.yifang.prescription.life.Claim;
import org.yifang.prescription.life.Facts;
import org.yifang.prescription.life.Moment;
import org.yifang.prescription.life.MomentListener;
import org.yifang.prescription.life.State;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Writes into the outbox what happens to prescriptions, in the transaction in which it happens.
public final class Notices implements MomentListener {
    /// How long the same message of the same claim is not repeated.
    private static final Duration QUIET = Duration.ofMinutes(30);

    private final Organizations organizations;

    public Notices(Organizations organizations) {
        this.organizations = organizations;
    }

    // An expression, since of a statement the compiler does not ask for every action.
    @Override
    public void hear(Tx tx, Moment moment) {
        Runnable heard =
                switch (moment.action()) {
                    // What lies ready is told as that.
                    case ARRIVED, PAID, RENEW, PROGRESS -> () -> {};
                    case PREPARED -> () -> ready(tx, moment);
                    case SUBMIT_PRESCRIPTION,
                            REVIEW,
                            CANCEL,
                            SUSPEND,
                            RESUME,
                            CHOOSE_PHARMACY,
                            CLAIM,
                            RELEASE,
                            DISPENSE,
                            TAKE_BACK,
                            PICKUP_SLIP,
                            CONSENT,
                            TIME,
                            REVIEW_OVERDUE ->
                            () -> changed(tx, moment);
                };
        heard.run();
    }

    /// A counter that says it twice does not have a patient's telephone ring twice.
    private void ready(Tx tx, Moment moment) {
        Claim claim = moment.after().facts().claim();
        Instant known = claim == null ? null : claim.prepared();
        if (known == null || !moment.at().isBefore(known.plus(QUIET))) {
            tell(tx, moment, Topic.DISPENSE_READY, holder(moment));
        }
    }

    private void changed(Tx tx, Moment moment) {
        tell(tx, moment, Topic.PRESCRIPTION_STATUS, holder(moment));
        UUID chosen = moment.after().facts().directedTo();
        boolean newlyOpen = moment.action() == Action.CHOOSE_PHARMACY || !isOpen(moment.before());
        if (chosen != null && isOpen(moment.after().state()) && newlyOpen) {
            tell(tx, moment, Topic.PRESCRIPTION_AVAILABLE, List.of(chosen));
        }
        if (isLost(moment)) {
            tell(tx, moment, Topic.CLAIM_LOST, holder(moment));
        }
        if (moment.action() == Action.DISPENSE) {
            tell(tx, moment, Topic.DISPENSE_RECORDED, holder(moment));
        }
    }

    private static boolean isOpen(@Nullable State state) {
        return state == State.AWAITING_CLAIM || state == State.REST_AWAITING_CLAIM;
    }

    /// Whether the holder's claim ended by what somebody else did, or by time.
    private static boolean isLost(Moment moment) {
        Claim claim = moment.after().facts().claim();
        boolean held =
                moment.before() == State.CLAIMED || moment.before() == State.PARTLY_DISPENSED;
        Claim.End ended = claim == null ? null : claim.ended();
        if (!held || ended == null) {
            return false;
        }
        return switch (ended) {
            case LEASE_OVER, BY_PATIENT, SUSPENDED, CANCELLED, EXPIRED -> true;
            case RELEASED, DISPENSED -> false;
        };
    }

    /// The pharmacy of the current or latest claim: it may read the prescription.
    private static List<UUID> holder(Moment moment) {
        List<UUID> holder = new ArrayList<>();
        Claim claim = moment.after().facts().claim();
        if (claim != null) {
            holder.add(claim.pharmacy());
        }
        return holder;
    }

    private void tell(Tx tx, Moment moment, Topic topic, List<UUID> pharmacies) {
        Facts facts = moment.after().facts();
        State before = moment.before();
        State after = moment.after().state();
        boolean available = topic == Topic.PRESCRIPTION_AVAILABLE;
        boolean review = before == State.AWAITING_REVIEW || after == State.AWAITING_REVIEW;
        OutboxStore.append(
                tx,
                new Happening(
                        topic,
                        moment.at(),
                        "Task",
                        facts.id(),
                        after.path(),
                        before == null ? null : before.path(),
                        available ? null : facts.hospital(),
                        available ? null : number(facts.hospital()),
                        available ? null : facts.patient(),
                        pharmacies,
                        review && topic == Topic.PRESCRIPTION_STATUS));
    }

    private @Nullable String number(UUID organization) {
        return organizations.byId(organization).map(Organization::number).orElse(null);
    }
}
