package org.yifang.queue.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.generated.Tables.QUEUE_TICKET;
import static org.yifang.queue.ticket.AtTheCounter.event;

import io.vertx.sqlclient.Row;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.yifang.Alone;
import org.yifang.platform.data.Rows;
import org.yifang.queue.live.LiveQueues;
import org.yifang.queue.live.QueueViews;
import org.yifang.queue.quality.QueueQualityStore;
import org.yifang.queue.ticket.Arriving;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A day of a queue: what the platform sees by itself, who stands ahead, and how the day ends.
@Alone
class QueueDayTest extends DeskOfOneHospital {
    @Test
    void the_platforms_own_moments_measure_the_wait_for_medicine() {
        QueueMoments moments = new QueueMoments(desk);
        QueueMoments.Prescription prescription =
                new QueueMoments.Prescription(
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        "RX-1",
                        TODAY,
                        "V1",
                        organization,
                        number);
        tell(moments, prescription, QueueMoments.Moment.ARRIVED, NOON.minusSeconds(900));
        tell(moments, prescription, QueueMoments.Moment.PAID, NOON.minusSeconds(600));
        tell(moments, prescription, QueueMoments.Moment.HANDED_OVER, NOON.minusSeconds(120));
        tell(moments, prescription, QueueMoments.Moment.HANDED_OVER, NOON.minusSeconds(120));
        Row row = ticket("RX-1");
        assertThat(Rows.get(row, QUEUE_TICKET.STAGE)).isEqualTo("hand-over");
        assertThat(Rows.get(row, QUEUE_TICKET.WAIT_SECONDS)).isEqualTo(480);
        assertThat(Rows.get(row, QUEUE_TICKET.PATIENT_ID)).isEqualTo(prescription.patient());
    }

    @Test
    @Timeout(60)
    void prescriptions_of_one_hospital_do_not_wait_for_each_other() {
        QueueMoments moments = new QueueMoments(desk);
        tell(moments, submitted("RX-0"), QueueMoments.Moment.SUBMITTED, NOON);
        database.inTransaction(open -> {
            moments.tell(open, submitted("RX-1"), QueueMoments.Moment.SUBMITTED, NOON);
            // Commits although the first is still open; a lock of the queue would hold it up.
            tell(moments, submitted("RX-2"), QueueMoments.Moment.SUBMITTED, NOON);
            return true;
        });
        assertThat(count(QUEUE_TICKET, QUEUE_TICKET.ORGANIZATION_ID)).isEqualTo(3);
    }

    private QueueMoments.Prescription submitted(String rx) {
        return new QueueMoments.Prescription(
                UUID.randomUUID(), UUID.randomUUID(), rx, TODAY, null, organization, number);
    }

    @Test
    void the_line_tells_who_is_ahead_and_what_to_expect() {
        List<Arriving> events = new ArrayList<>();
        for (int t = 0; t < 40; t++) {
            Instant joined = NOON.minusSeconds(6000 - 120 * t);
            events.add(event("P" + t, 1, "joined", joined));
            if (t < 36) {
                events.add(event("P" + t, 2, "service-start", joined.plusSeconds(480)));
            }
        }
        desk.receive(caller(), null, events);
        UUID queue = Rows.get(ticket("P0"), QUEUE_TICKET.QUEUE_ID);
        LiveQueues.Now standing = live.now(queue).orElseThrow();
        assertThat(standing.inLine()).isEqualTo(4);
        assertThat(standing.prediction().likelySeconds()).isBetween(200L, 900L);
        assertThat(standing.prediction().lowSeconds())
                .isLessThanOrEqualTo(standing.prediction().highSeconds());
        UUID last = Rows.get(ticket("P39"), QUEUE_TICKET.ID);
        assertThat(live.ahead(last)).contains(3);
        assertThat(live.ahead(Rows.get(ticket("P0"), QUEUE_TICKET.ID))).isEmpty();
        assertThat(new QueueViews(live).predictedWait(organization, NOON))
                .contains(standing.prediction());
        assertThat(new QueueViews(live).predictedWait(UUID.randomUUID(), NOON)).isEmpty();
    }

    @Test
    void the_end_of_the_day_leaves_nobody_standing_and_nobody_served() {
        send(
                event("S1", 1, "joined", NOON.minusSeconds(60)),
                event("S2", 1, "joined", NOON.minusSeconds(60)),
                event("S2", 2, "service-start", NOON.minusSeconds(30)));
        QueueSweepStore sweep = new QueueSweepStore(database, () -> now, "421281");
        now = NOON.plus(Duration.ofDays(1));
        assertThat(sweep.run()).isGreaterThanOrEqualTo(2);
        assertThat(sweep.run()).isZero();
        assertThat(Rows.get(ticket("S1"), QUEUE_TICKET.STATE)).isEqualTo("unknown");
        assertThat(Rows.get(ticket("S2"), QUEUE_TICKET.STATE)).isEqualTo("served");
        QueueQualityStore.Report quality =
                new QueueQualityStore(database).report(organization, TODAY, TODAY).getFirst();
        assertThat(quality.tickets()).isEqualTo(2);
        assertThat(quality.autoClosed()).isEqualTo(1);
        assertThat(quality.serviceEndMissing()).isEqualTo(1);
        assertThat(quality.littleGap()).isLessThan(0.02);
    }
}
