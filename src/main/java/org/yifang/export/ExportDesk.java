package org.yifang.export;

import org.yifang.fhir.rest.Access;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Takes exports on.
final class ExportDesk {
    private static final int KEY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Database database;
    private final ExportStore store;
    private final Uuid7 ids;
    private final Export.Auditing auditing;
    private final Export.KeySeal keys;

    ExportDesk(
            Database database,
            ExportStore store,
            Uuid7 ids,
            Export.Auditing auditing,
            Export.KeySeal keys) {
        this.database = database;
        this.store = store;
        this.ids = ids;
        this.auditing = auditing;
        this.keys = keys;
    }

    /// @param asked the address that was called
    ExportJob ask(Caller caller, ExportRequest request, String asked, Instant now) {
        Instant until = request.until();
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        ExportJob job =
                new ExportJob(
                        ids.get(),
                        caller.clientId(),
                        asked,
                        request.types(),
                        request.since(),
                        until == null || until.isAfter(now) ? now : until,
                        keys.seal(key),
                        ExportJob.Status.RUNNING,
                        0,
                        null,
                        0,
                        null,
                        0,
                        0,
                        now.plus(ExportLimits.LONGEST),
                        now);
        return database.inTransaction(tx -> {
            if (store.count(tx, caller.clientId()) >= ExportLimits.OF_ONE_CLIENT) {
                throw tooMany();
            }
            store.insert(tx, job);
            auditing.append(tx, access(caller, request));
            return job;
        });
    }

    private static Problem tooMany() {
        return new Problem(
                List.of(
                        new Problem.Finding(
                                ProblemCode.TOO_MANY_REQUESTS,
                                "%d exports of your client are kept."
                                        .formatted(ExportLimits.OF_ONE_CLIENT),
                                "Delete one that you have fetched: `DELETE` on its status URL.")),
                Map.of("Retry-After", "60"));
    }

    private static Access access(Caller caller, ExportRequest request) {
        return new Access(
                caller,
                caller.address(),
                caller.requestId(),
                "operation",
                "export",
                'E',
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                "_type=" + String.join(",", request.types()) + '&' + request.query());
    }
}
