package org.yifang.queue.ticket;

import org.yifang.audit.event.Audit;
import org.yifang.audit.event.NameSeal;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.queue.plan.PlanDesk;

import java.time.Instant;
import java.time.InstantSource;
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

    /// Plans of a database of its own clock.
    public static PlanDesk plans(Database database, InstantSource clock) {
        Uuid7 ids = new Uuid7(clock);
        Audit audit = new Audit(database, new NameSeal(name -> name, name -> name), ids, "421281");
        return new PlanDesk(database, audit, clock, ids, "421281");
    }

    public static Arriving event(String ticket, long seq, String code, Instant at) {
        LocalDate day = LocalDate.ofInstant(at, QueueLimits.ZONE);
        return new Arriving(
                ticket, "window-1", seq, "dispensing", code, at, day, "D1", null, null, null);
    }

    private AtTheCounter() {}
}
