package org.yifang.admin;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Job;
import org.yifang.platform.data.Database;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Runs jobs: whichever instance is free takes one, writes down each step, and when it dies another
/// goes on.
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    /// How often an instance looks for work that nobody does.
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final JobStore store;
    private final Map<String, Job> kinds;
    private final InstantSource clock;
    private final UUID instance = UUID.randomUUID();
    private final AtomicBoolean working = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long timer;

    Jobs(Vertx vertx, JobStore store, List<Job> jobs, InstantSource clock) {
        this.vertx = vertx;
        this.store = store;
        this.kinds = jobs.stream().collect(Collectors.toMap(Job::kind, Function.identity()));
        this.clock = clock;
        this.timer = vertx.setPeriodic(LOOK.toMillis(), _ -> kick());
    }

    boolean knows(String kind) {
        return kinds.containsKey(kind);
    }

    /// Looks for work now.
    void kick() {
        if (!kinds.isEmpty() && !closed.get() && working.compareAndSet(false, true)) {
            Thread.ofVirtual().name("jobs").start(this::work);
        }
    }

    private void work() {
        try {
            Optional<JobStore.Row> next = take();
            while (next.isPresent() && !closed.get()) {
                run(next.get());
                next = take();
            }
        } catch (Exception away) {
            LOG.info("jobs wait: {}", away.toString());
        } finally {
            working.set(false);
        }
    }

    /// Takes a job that this instance can do; of the others it says why they wait.
    private Optional<JobStore.Row> take() {
        List<String> able = new ArrayList<>();
        for (String kind : store.free()) {
            Job job = kinds.get(kind);
            String obstacle = job == null ? null : job.obstacle();
            if (obstacle != null) {
                store.noteWaiting(kind, obstacle, clock.instant());
            } else if (job != null) {
                able.add(kind);
            }
        }
        return able.isEmpty() ? Optional.empty() : store.take(instance, able);
    }

    /// Whether a job was left to another instance, since this one cannot do it as it is.
    private boolean isLeft(JobStore.Row row, Job job) {
        String obstacle = job.obstacle();
        if (obstacle != null) {
            LOG.info("job {} {} is left to another instance: {}", row.kind(), row.id(), obstacle);
            store.leave(row.id(), instance, obstacle, clock.instant());
        }
        return obstacle != null;
    }

    private void run(JobStore.Row row) {
        Job job = java.util.Objects.requireNonNull(kinds.get(row.kind()));
        JsonObject input = new JsonObject(row.input());
        Job.Step step = new Job.Step(row.position(), row.done(), row.total(), false, row.note());
        LOG.info("job {} {} goes on at {}", row.kind(), row.id(), step.done());
        while (!closed.get() && !isLeft(row, job)) {
            try {
                step = job.step(input, step);
            } catch (Exception failure) {
                if (Database.isAway(failure) || Database.isToldAway(failure)) {
                    // Nothing is wrong with the job: it is taken up again when the database is
                    // back.
                    throw failure;
                }
                if (isLeft(row, job)) {
                    return;
                }
                LOG.error("job {} {} failed", row.kind(), row.id(), failure);
                String why = "failed: " + failure.getClass().getSimpleName();
                store.end(row.id(), instance, JobState.FAILED, step, why, clock.instant());
                return;
            }
            if (step.finished()) {
                store.end(row.id(), instance, JobState.DONE, step, step.note(), clock.instant());
                LOG.info("job {} {} is done: {}", row.kind(), row.id(), step.note());
                return;
            }
            if (!store.noteStep(row.id(), instance, step, clock.instant())) {
                LOG.warn("job {} {} was taken over by another instance", row.kind(), row.id());
                return;
            }
        }
    }

    @Override
    public void close() {
        closed.set(true);
        vertx.cancelTimer(timer);
    }
}
