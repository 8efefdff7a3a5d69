package org.yifang.queue.ticket;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// One event as it was sent, before it is known whether it is taken in.
///
/// @param at by the sender's clock
/// @param day the day in Asia/Shanghai that the ticket belongs to
/// @param prescription Task of the prescription waited for
/// @param patient whose prescription that is
public record Arriving(
        String ticket,
        String queue,
        long seq,
        String stage,
        String code,
        Instant at,
        LocalDate day,
        @Nullable String department,
        @Nullable String visit,
        @Nullable UUID prescription,
        @Nullable UUID patient) {
    /// What becomes of an event: the CodeSystem `queue-event-outcome`.
    public enum Outcome {
        ACCEPTED("accepted"),
        REPEATED("repeated"),
        QUARANTINED("quarantined"),
        REFUSED("refused");

        private final String code;

        Outcome(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /// The answer to one event.
    ///
    /// @param issue why it was not taken in, a sentence, or null
    public record Result(String ticket, long seq, Outcome outcome, @Nullable String issue) {}

    /// The same event of this patient.
    public Arriving of(@Nullable UUID whose) {
        return new Arriving(
                ticket, queue, seq, stage, code, at, day, department, visit, prescription, whose);
    }

    public Result answered(Outcome outcome, @Nullable String issue) {
        return new Result(ticket, seq, outcome, issue);
    }

    /// Everything that is wrong with the event by itself, empty when nothing is.
    public Optional<String> fault() {
        List<String> faults = new ArrayList<>();
        if (QueueCode.of(code).isEmpty()) {
            faults.add("`" + code + "` is no event; the CodeSystem `queue-event` has them.");
        }
        if (QueueStage.of(stage).isEmpty()) {
            faults.add("`" + stage + "` is no stage; the CodeSystem `queue-stage` has them.");
        }
        if (seq < 0) {
            faults.add("`seq` is " + seq + "; events are numbered from 0 or 1 upwards.");
        }
        nameFault(faults, "ticket", ticket);
        nameFault(faults, "queue", queue);
        nameFault(faults, "department", department);
        nameFault(faults, "visit", visit);
        return faults.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", faults));
    }

    private static void nameFault(List<String> faults, String what, @Nullable String name) {
        if (name == null) {
            return;
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            faults.add("`" + what + "` holds a control character.");
        }
        if (name.isBlank() || name.length() > QueueLimits.NAME_LENGTH) {
            faults.add(
                    "`%s` has %d characters; it has 1 to %d."
                            .formatted(what, name.strip().length(), QueueLimits.NAME_LENGTH));
        }
    }

    /// Why the time of the event cannot be, empty when it can.
    ///
    /// @param corrected its time by our clock
    /// @param now by our clock
    public Optional<String> timeFault(Instant corrected, Instant now) {
        if (corrected.isBefore(now.minus(QueueLimits.OLDEST))) {
            return Optional.of(
                    ("`at` lies before `%s` by the clock that `sent-at` tells; what is older "
                                    + "comes as a file.")
                            .formatted(
                                    LocalDate.ofInstant(
                                            now.minus(QueueLimits.OLDEST), QueueLimits.ZONE)));
        }
        LocalDate told = LocalDate.ofInstant(corrected, QueueLimits.ZONE);
        return Math.abs(ChronoUnit.DAYS.between(day, told)) > QueueLimits.DAYS_APART
                ? Optional.of(
                        "`day` is %s and the event of %s; they are at most %d days apart."
                                .formatted(day, told, QueueLimits.DAYS_APART))
                : Optional.empty();
    }

    /// Tells the same event sent again from another one under its number.
    public byte[] content() {
        String all =
                String.join(
                        "\n",
                        stage,
                        code,
                        at.toString(),
                        String.valueOf(department),
                        String.valueOf(visit),
                        String.valueOf(prescription));
        return sha256(all.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
