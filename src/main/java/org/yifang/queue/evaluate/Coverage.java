package org.yifang.queue.evaluate;

import org.jspecify.annotations.Nullable;
import org.yifang.queue.ticket.QueueStage;

import java.util.ArrayList;
import java.util.List;

/// Whether enough of what happened was reported to say anything at all: the same registered queues
/// in both periods, each with opening hours, and events for at least 80 % of the tickets expected
/// from registrations or prescriptions.
///
/// @param queues every queue registered in either period
/// @param units every organization and stage
public record Coverage(List<OfQueue> queues, List<OfStage> units) {
    /// The least share of expected tickets that must have been reported.
    public static final double LEAST = 0.8;

    /// One registered queue.
    ///
    /// @param hoursKnown whether its opening hours are registered
    /// @param before tickets reported in the earlier period
    /// @param after tickets reported in the later period
    public record OfQueue(
            String organization, String queue, boolean hoursKnown, long before, long after) {}

    /// One stage of one organization.
    ///
    /// @param expectedBefore from registrations or prescriptions, null when neither is known
    public record OfStage(
            String organization,
            QueueStage stage,
            @Nullable Long expectedBefore,
            long before,
            @Nullable Long expectedAfter,
            long after) {}

    /// A reason why nothing may be claimed.
    ///
    /// @param code `queue-not-in-both-periods`, `opening-hours-missing`, `expected-unknown` or
    ///   `too-few-reported`
    /// @param where organization and queue or stage
    public record Gap(String code, String where, @Nullable Double share) {}

    /// Everything that is missing; nothing may be claimed unless this is empty.
    public List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        for (OfQueue queue : queues) {
            String where = queue.organization() + " / " + queue.queue();
            if (queue.before() == 0 || queue.after() == 0) {
                gaps.add(new Gap("queue-not-in-both-periods", where, null));
            }
            if (!queue.hoursKnown()) {
                gaps.add(new Gap("opening-hours-missing", where, null));
            }
        }
        for (OfStage unit : units) {
            String where = unit.organization() + " / " + unit.stage().code();
            check(gaps, where, unit.expectedBefore(), unit.before());
            check(gaps, where, unit.expectedAfter(), unit.after());
        }
        if (queues.isEmpty()) {
            gaps.add(new Gap("expected-unknown", "-", null));
        }
        return List.copyOf(gaps);
    }

    private static void check(List<Gap> gaps, String where, @Nullable Long expected, long seen) {
        if (expected == null || expected == 0) {
            gaps.add(new Gap("expected-unknown", where, null));
        } else if (seen < LEAST * expected) {
            gaps.add(new Gap("too-few-reported", where, (double) seen / expected));
        }
    }

    /// All tickets expected in the earlier period, as far as known.
    public long expectedBefore() {
        return units.stream().mapToLong(unit -> orSeen(unit.expectedBefore(), unit.before())).sum();
    }

    /// All tickets expected in the later period, as far as known.
    public long expectedAfter() {
        return units.stream().mapToLong(unit -> orSeen(unit.expectedAfter(), unit.after())).sum();
    }

    private static long orSeen(@Nullable Long expected, long seen) {
        return expected == null ? seen : Math.max(expected, seen);
    }
}
