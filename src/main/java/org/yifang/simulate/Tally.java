package org.yifang.simulate;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts what happened during the day: answers, waits, ends, and whatever was not expected.
final class Tally {
    /// How many unexpected answers are printed in full; all of them are counted.
    private static final int SHOWN = 50;

    private static final int SIGNIFICANT_DIGITS = 3;

    private final Instant started = Instant.now();
    private final Map<String, Histogram> latencies = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> ends = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> refusals = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> notes = new ConcurrentSkipListMap<>();
    private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();
    private final LongAdder unexpectedCount = new LongAdder();
    private final LongAdder submitted = new LongAdder();
    private final LongAdder finished = new LongAdder();
    private final LongAdder queueEvents = new LongAdder();
    private final LongAdder queueUploads = new LongAdder();

    /// An answer came after so many microseconds.
    void answered(String operation, long micros) {
        latencies
                .computeIfAbsent(operation, _ -> new ConcurrentHistogram(SIGNIFICANT_DIGITS))
                .recordValue(micros);
    }

    /// Something worth counting that is no fault: a lost connection, a request to wait.
    void note(String what) {
        add(notes, what);
    }

    /// A refusal that the day provokes on purpose.
    void refusedOnPurpose(String operation, String problem) {
        add(refusals, operation + " " + problem);
    }

    void submitted() {
        submitted.increment();
    }

    /// One upload with so many events of queues was answered.
    void queueEvents(int events) {
        queueEvents.add(events);
        queueUploads.increment();
    }

    /// A prescription's day is over in this state.
    void ended(String state) {
        finished.increment();
        add(ends, state);
    }

    /// Something else was answered than the contract says.
    void unexpected(String operation, String subject, String expected, Answer answer) {
        unexpected(
                operation,
                subject,
                expected,
                answer.status() + " " + answer.problem() + " " + answer.words());
    }

    /// Something else happened than the contract says.
    void unexpected(String operation, String subject, String expected, String happened) {
        unexpectedCount.increment();
        if (unexpected.size() < SHOWN) {
            unexpected.add(
                    "%s of %s: expected %s, got %s"
                            .formatted(operation, subject, expected, happened.strip()));
        }
    }

    long unexpectedCount() {
        return unexpectedCount.sum();
    }

    /// One line for a person who waits.
    String progress(int prescriptions) {
        return "%5.1f %%  submitted %d  finished %d of %d  unexpected %d  %s"
                .formatted(
                        100.0 * finished.sum() / Math.max(1, prescriptions),
                        submitted.sum(),
                        finished.sum(),
                        prescriptions,
                        unexpectedCount.sum(),
                        notes.isEmpty() ? "" : notes);
    }

    /// Everything, when the day is over.
    void print(PrintWriter out) {
        Duration took = Duration.between(started, Instant.now());
        double seconds = Math.max(0.001, took.toMillis() / 1000.0);
        out.println();
        out.println("Prescriptions by final state");
        ends.forEach((state, count) -> out.printf("  %-42s %8d%n", state, count.sum()));
        long calls = latencies.values().stream().mapToLong(Histogram::getTotalCount).sum();
        out.printf(
                "%nIn %.1f s: %d prescriptions (%.1f/s), %d answers (%.1f/s)%n",
                seconds, finished.sum(), finished.sum() / seconds, calls, calls / seconds);
        out.printf("Queue events sent: %d in %d uploads%n", queueEvents.sum(), queueUploads.sum());
        out.printf(
                "%n%-28s %8s %9s %9s %9s %9s  milliseconds%n",
                "operation", "answers", "p50", "p95", "p99", "max");
        latencies.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> printLatency(out, entry.getKey(), entry.getValue()));
        printCounts(out, "Refused on purpose", refusals);
        printCounts(out, "Also", notes);
        out.printf("%nUnexpected answers: %d%n", unexpectedCount.sum());
        unexpected.forEach(line -> out.println("  " + line));
        if (unexpectedCount.sum() > SHOWN) {
            out.printf("  ... and %d more%n", unexpectedCount.sum() - unexpected.size());
        }
        out.flush();
    }

    private static void printLatency(PrintWriter out, String operation, Histogram micros) {
        out.printf(
                "%-28s %8d %9.1f %9.1f %9.1f %9.1f%n",
                operation,
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(95) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                micros.getMaxValue() / 1000.0);
    }

    private static void printCounts(PrintWriter out, String title, Map<String, LongAdder> counts) {
        if (!counts.isEmpty()) {
            out.printf("%n%s%n", title);
            counts.forEach((what, count) -> out.printf("  %-42s %8d%n", what, count.sum()));
        }
    }

    private static void add(Map<String, LongAdder> counts, String key) {
        counts.computeIfAbsent(key, _ -> new LongAdder()).increment();
    }
}
