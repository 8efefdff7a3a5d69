package org.yifang.admin;

import io.vertx.core.json.JsonObject;

import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Takes orders for jobs: one of a kind at a time.
final class JobDesk {
    /// Who asks for what nobody asked for.
    private static final String SERVICE = "service";

    private static final Duration DAY = Duration.ofDays(1);

    private final Database database;
    private final JobStore store;
    private final Jobs jobs;
    private final Audit audit;
    private final InstantSource clock;
    private final Uuid7 ids;

    JobDesk(
            Database database,
            JobStore store,
            Jobs jobs,
            Audit audit,
            InstantSource clock,
            Uuid7 ids) {
        this.database = database;
        this.store = store;
        this.jobs = jobs;
        this.audit = audit;
        this.clock = clock;
        this.ids = ids;
    }

    /// Starts a job; asked for again with the same input while it is under way, it is that one.
    ///
    /// @throws Problem `RX-1104` while one of its kind with other input is under way
    JobStore.Row start(Administrator who, String kind, JsonObject input) {
        if (!jobs.knows(kind)) {
            throw new Problem(
                    ProblemCode.METHOD_NOT_ALLOWED,
                    "This deployment does not know jobs of the kind `" + kind + "`.");
        }
        UUID id = ids.get();
        Optional<JobStore.Row> started = Optional.empty();
        // One that ends in this very moment is none any more: then this one is noted.
        for (int attempt = 0; started.isEmpty() && attempt < 3; attempt++) {
            started = insert(who, kind, input, id);
        }
        JobStore.Row job = started.orElseThrow();
        if (!job.id().equals(id) && !job.input().equals(input.encode())) {
            throw underWay(kind, job.id());
        }
        jobs.kick();
        return job;
    }

    /// Starts a job that nobody asked for, when there was none of its kind for a day. Waits.
    boolean daily(String kind) {
        UUID id = ids.get();
        Instant now = clock.instant();
        boolean due =
                database.inTransaction(tx -> {
                    boolean fresh =
                            !store.anySince(tx, kind, now.minus(DAY))
                                    && store.insert(tx, id, kind, "{}", SERVICE, now);
                    if (fresh) {
                        audit.append(tx, bySchedule(kind, id));
                    }
                    return fresh;
                });
        if (due) {
            jobs.kick();
        }
        return due;
    }

    private static Access bySchedule(String kind, UUID id) {
        return new Access(
                null,
                "",
                SERVICE,
                "operation",
                "start-job",
                'C',
                null,
                List.of(),
                List.of(),
                List.of(),
                "job " + kind + " " + id,
                null);
    }

    private Optional<JobStore.Row> insert(
            Administrator who, String kind, JsonObject input, UUID id) {
        return database.inTransaction(tx -> {
            String text = input.encode();
            if (store.insert(tx, id, kind, text, who.caller().clientId(), clock.instant())) {
                audit.append(tx, who.access("start-job", 'C', null, "job " + kind + " " + id));
            }
            return store.underWay(tx, kind);
        });
    }

    private static Problem underWay(String kind, UUID id) {
        return new Problem(
                List.of(
                        new Problem.Finding(
                                ProblemCode.JOB_UNDER_WAY,
                                "A job of the kind `" + kind + "` is under way.",
                                "Ask again when `/admin/jobs/" + id + "` is done.")),
                Map.of("Location", "/admin/jobs/" + id));
    }

    Optional<JobStore.Row> find(UUID id) {
        return store.find(id);
    }

    List<JobStore.Row> newest() {
        return store.newest();
    }
}
