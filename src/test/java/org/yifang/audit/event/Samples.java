package org.yifang.audit.event;

import org.yifang.fhir.rest.Access;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;
import java.util.UUID;

/// Calls as the tests of the log record them.
public final class Samples {
    /// Not a secret: it only shows that what goes in does not stand there as it was.
    public static final NameSeal SEAL = new NameSeal(Samples::turned, Samples::turned);

    static final UUID PATIENT = UUID.fromString("01990000-0000-7000-8000-000000000001");
    static final UUID TASK = UUID.fromString("01990000-0000-7000-8000-000000000002");

    public static final Caller PHARMACY =
            new Caller(
                    "pharmacy-1",
                    Role.PHARMACY,
                    UUID.fromString("01990000-0000-7000-8000-00000000000a"),
                    "P42128100001",
                    List.of(),
                    List.of("system/Task.rs"),
                    null,
                    new Caller.Person("S100", "王药师", "pharmacist", "P42128100001", "TREAT"),
                    "192.0.2.10",
                    "request-1",
                    "zh-CN");

    public static final Access CLAIM =
            Access.operation(
                    PHARMACY,
                    "claim",
                    'E',
                    null,
                    List.of(PATIENT),
                    List.of(TASK),
                    "ready/awaiting-claim -> in-progress/claimed");

    public static final Access READ =
            new Access(
                    PHARMACY,
                    "192.0.2.10",
                    "request-2",
                    "read",
                    "Task",
                    'R',
                    null,
                    List.of(PATIENT),
                    List.of(TASK),
                    List.of(),
                    null,
                    null);

    public static Access list(List<UUID> patients) {
        return new Access(
                PHARMACY,
                "192.0.2.10",
                "request-3",
                "search-type",
                "Task",
                'E',
                null,
                patients,
                List.of(TASK),
                List.of(),
                null,
                "status=ready");
    }

    static Access refused(ProblemCode problem) {
        return Access.operation(
                PHARMACY, "claim", 'E', problem, List.of(PATIENT), List.of(TASK), null);
    }

    static Access unauthenticated(String address) {
        return new Access(
                null,
                address,
                "request-4",
                "read",
                "Task",
                'R',
                ProblemCode.NOT_AUTHENTICATED,
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
    }

    private static byte[] turned(byte[] bytes) {
        byte[] turned = bytes.clone();
        for (int i = 0; i < turned.length; i++) {
            turned[i] ^= 0x55;
        }
        return turned;
    }

    private Samples() {}
}
