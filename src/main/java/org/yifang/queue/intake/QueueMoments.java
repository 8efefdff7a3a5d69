package org.yifang.queue.intake;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Tx;
import org.yifang.queue.ticket.Arriving;
import org.yifang.queue.ticket.QueueCode;
import org.yifang.queue.ticket.QueueLimits;
import org.yifang.queue.ticket.QueueStage;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Makes queue events of what the platform itself sees of a prescription: its review at the
/// hospital, its preparation at the pharmacy, its hand-over to the patient.
///
/// The headline wait for medicine runs from the later of arriving and paying to the hand-over.
public final class QueueMoments {
    /// What happened to a prescription.
    public enum Moment {
        /// Signed and sent: the review begins.
        SUBMITTED(QueueStage.REVIEW, 1, QueueCode.JOINED),
        /// Reviewed, with whatever decision.
        REVIEWED(QueueStage.REVIEW, 2, QueueCode.SERVICE_START, QueueCode.SERVICE_END),
        /// Taken out of review without a decision: cancelled, suspended or expired.
        REVIEW_GIVEN_UP(QueueStage.REVIEW, 9, QueueCode.TRANSFERRED),
        /// Taken by a pharmacy: its preparation begins to be waited for.
        CLAIMED(QueueStage.DISPENSING, 1, QueueCode.JOINED),
        /// Ready to be handed over.
        READY(QueueStage.DISPENSING, 2, QueueCode.SERVICE_START, QueueCode.SERVICE_END),
        /// The patient stands at the counter.
        ARRIVED(QueueStage.HAND_OVER, 1, QueueCode.JOINED),
        /// The patient has paid.
        PAID(QueueStage.HAND_OVER, 2, QueueCode.JOINED),
        /// Everything of this claim was handed over.
        HANDED_OVER(QueueStage.HAND_OVER, 3, QueueCode.SERVICE_START, QueueCode.SERVICE_END),
        /// The pharmacy gave the prescription back, or lost it: nobody is served there any more.
        RELEASED(QueueStage.DISPENSING, 9, QueueCode.TRANSFERRED),
        /// The same for who stood at its counter already.
        COUNTER_LEFT(QueueStage.HAND_OVER, 9, QueueCode.TRANSFERRED);

        private final QueueStage stage;
        private final int seq;

        @SuppressWarnings("ImmutableEnumChecker") // A list that nobody can change.
        private final List<QueueCode> codes;

        Moment(QueueStage stage, int seq, QueueCode... codes) {
            this.stage = stage;
            this.seq = seq;
            this.codes = List.of(codes);
        }

        /// Whether a wait may begin with it.
        public boolean begins() {
            return codes.contains(QueueCode.JOINED);
        }
    }

    /// A prescription as far as queues need to know it.
    ///
    /// @param task id of its Task
    /// @param patient id of its Patient
    /// @param number a number that people know it by: its tickets carry it
    /// @param day in Asia/Shanghai on which its wait began, by which the ticket is known
    /// @param visit the visit that it was written at, where this ticket belongs to one
    /// @param organizationId at whose counter this happened
    /// @param organization number of that organization, nhsa-org
    public record Prescription(
            UUID task,
            UUID patient,
            String number,
            LocalDate day,
            @Nullable String visit,
            UUID organizationId,
            String organization) {}

    private static final String SOURCE = "platform";

    private final QueueDesk desk;

    public QueueMoments(QueueDesk desk) {
        this.desk = desk;
    }

    /// Logs a moment in the transaction in which it happened. The same moment again changes
    /// nothing; one that contradicts what is known of the ticket is passed over, since a queue must
    /// never stop a prescription.
    ///
    /// @param at when it happened
    public void tell(Tx tx, Prescription prescription, Moment moment, Instant at) {
        List<Arriving> events = new ArrayList<>();
        long seq = 10L * moment.seq;
        for (QueueCode code : moment.codes) {
            events.add(
                    new Arriving(
                            shortened(prescription.number()),
                            "rx-" + moment.stage.code(),
                            seq++,
                            moment.stage.code(),
                            code.code(),
                            at,
                            prescription.day(),
                            null,
                            prescription.visit() == null ? null : shortened(prescription.visit()),
                            prescription.task(),
                            prescription.patient()));
        }
        desk.tell(
                tx,
                new Upload.Teller(
                        prescription.organizationId(), prescription.organization(), SOURCE),
                events,
                // Whoever leaves where nobody knew of a wait is no ticket.
                moment.codes.contains(QueueCode.TRANSFERRED));
    }

    private static String shortened(String number) {
        return number.length() <= QueueLimits.NAME_LENGTH
                ? number
                : number.substring(number.length() - QueueLimits.NAME_LENGTH);
    }
}
