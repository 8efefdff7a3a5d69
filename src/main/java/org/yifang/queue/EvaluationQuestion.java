package org.yifang.queue;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is asked of an evaluation.
///
/// @param baselineStart first day of the baseline
/// @param baselineEnd last day of the baseline, included
/// @param periodStart first day of the period; the days between are the wash-in, and left out
/// @param periodEnd last day of the period, included
/// @param organizations numbers, all when empty
/// @param controls numbers of organizations where no change was made; they are not evaluated
/// @param stage only this one, all when null
/// @param department only this one, all when null
/// @param queue only this one, all when null
/// @param asOf what was received up to here counts
record EvaluationQuestion(
        LocalDate baselineStart,
        LocalDate baselineEnd,
        LocalDate periodStart,
        LocalDate periodEnd,
        List<String> organizations,
        List<String> controls,
        @Nullable QueueStage stage,
        @Nullable String department,
        @Nullable String queue,
        Instant asOf) {
    /// The question without its moment, the same text for the same question.
    String canonical() {
        return Stream.of(
                        "baselineStart=" + baselineStart,
                        "baselineEnd=" + baselineEnd,
                        "periodStart=" + periodStart,
                        "periodEnd=" + periodEnd,
                        "organization=" + sorted(organizations),
                        "control=" + sorted(controls),
                        "stage=" + (stage == null ? "" : stage.code()),
                        "department=" + (department == null ? "" : department),
                        "queue=" + (queue == null ? "" : queue))
                .collect(Collectors.joining("&"));
    }

    private static String sorted(List<String> names) {
        return names.stream().sorted().distinct().collect(Collectors.joining(","));
    }

    /// The seed of the bootstrap: of the question alone, so that nobody can try seeds.
    long seed() {
        byte[] hash =
                Arriving.sha256(canonical().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return java.nio.ByteBuffer.wrap(hash).getLong();
    }

    /// Whether a queue is asked about at all.
    boolean asks(QueueRow row) {
        boolean here =
                organizations.isEmpty()
                        ? !controls.contains(row.organization())
                        : organizations.contains(row.organization());
        return here && fits(row);
    }

    /// Whether a queue belongs to the control sites.
    boolean controls(QueueRow row) {
        return controls.contains(row.organization()) && fits(row);
    }

    private boolean fits(QueueRow row) {
        return (stage == null || row.stage() == stage)
                && (queue == null || row.code().equals(queue));
    }

    boolean asksDepartment(@Nullable String name) {
        return department == null || department.equals(name);
    }
}
