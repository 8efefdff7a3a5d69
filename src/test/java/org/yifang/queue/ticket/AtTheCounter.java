package org.yifang.queue.ticket;

import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/// A hospital's client and what its one window tells.
public final class AtTheCounter {
    public static Caller caller(UUID organization, String number) {
        return new Caller(
                "hospital-1",
                Role.HOSPITAL,
                organization,
                number,
                List.of(),
                List.of(),
                null,
                Caller.Person.UNNAMED,
                "127.0.0.1",
                "r1",
                "en");
    }

    public static Arriving event(String ticket, long seq, String code, Instant at) {
        LocalDate day = LocalDate.ofInstant(at, QueueLimits.ZONE);
        return new Arriving(
                ticket, "window-1", seq, "dispensing", code, at, day, "D1", null, null, null);
    }

    private AtTheCounter() {}
}
