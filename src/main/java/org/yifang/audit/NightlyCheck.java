package org.yifang.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.audit.event.NameSeal;
import org.yifang.audit.log.Sequencer;
import org.yifang.audit.verify.Reconciliation;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.HistoryViews;
import org.yifang.platform.operate.Lasting;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/// Compares the log with everything that it vouches for, every night in one of the instances, and
/// tells in log and metrics what does not fit: nobody has to think of it.
public final class NightlyCheck implements MeterBinder {
    private static final Logger LOG = LoggerFactory.getLogger(NightlyCheck.class);
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    /// The hour at which least is going on.
    private static final Duration AT = Duration.ofHours(3);

    private static final Duration TICK = Duration.ofMinutes(1);

    /// Over millions of events a question takes longer than any request may.
    private static final Duration STATEMENT = Duration.ofHours(2);

    /// More lines than this say nothing that the first ones do not.
    private static final int TOLD_MOST = 100;

    private final Database database;
    private final NightStore nights;
    private final HistoryViews history;
    private final NameSeal seal;
    private final String region;
    private final Sequencer sequencer;
    private final InstantSource clock;
    private @Nullable LocalDate first;
    private @Nullable LocalDate told;
    private volatile double left;
    private volatile double findings;
    private volatile double ended;
    private volatile @Nullable Thread thread;

    NightlyCheck(
            Database database,
            NameSeal seal,
            String region,
            Sequencer sequencer,
            InstantSource clock) {
        this.database = database;
        this.nights = new NightStore(database);
        this.history = new HistoryViews(database);
        this.seal = seal;
        this.region = region;
        this.sequencer = sequencer;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("yifang.audit.check.findings", this, check -> check.findings)
                .description("What did not fit in the last nightly check of the audit log")
                .register(registry);
        Gauge.builder("yifang.audit.check.ended", this, check -> check.ended)
                .description("When the last nightly check ended, seconds since 1970; 0: none has")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("yifang.audit.check.left", this, check -> check.left)
                .description("1 while nightly checks are left to a newer version on the database")
                .register(registry);
    }

    void start() {
        thread = Lasting.start("audit-nightly-check", this::loop);
    }

    void stop() throws InterruptedException {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            running.join();
        }
    }

    private void loop() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                tick();
                Thread.sleep(TICK);
            } catch (InterruptedException stop) {
                return;
            } catch (Exception failure) {
                // Waiting for a database that is away throws what its client failed with.
                LOG.warn("nightly check of the audit log failed: {}", failure.toString());
                try {
                    Thread.sleep(TICK);
                } catch (InterruptedException stop) {
                    return;
                }
            }
        }
    }

    /// Runs when a night has begun that was not checked: since the first look, while nothing ran,
    /// or because the instance that began has died. A database without any check begins with the
    /// next night.
    void tick() {
        Instant now = clock.instant();
        LocalDate night = now.atZone(ZONE).minus(AT).toLocalDate();
        if (first == null) {
            first = night;
        }
        LocalDate last = last();
        boolean isDue = last == null ? first.isBefore(night) : last.isBefore(night);
        if (isDue && !isLeft(night) && nights.take(night, now)) {
            run(night);
            last();
        }
    }

    /// Whether a newer version works on the database, too: what it has replaced there would look
    /// like a manipulation from here, so the night is its to check. Should there be none in truth,
    /// nobody checks, which is what `yifang_audit_check_ended_seconds` is watched for.
    private boolean isLeft(LocalDate night) {
        String newer = history.newer().orElse(null);
        left = newer == null ? 0 : 1;
        if (newer != null && !night.equals(told)) {
            told = night;
            LOG.warn(
                    "audit check of the night {}: left to a newer version, whose migration {} the"
                            + " database has",
                    night,
                    newer);
        }
        return newer != null;
    }

    /// The night of the last check that ended, whose figures the metrics show from now on.
    private @Nullable LocalDate last() {
        NightStore.Ended last = nights.last().orElse(null);
        if (last == null) {
            return null;
        }
        findings = last.findings();
        ended = last.at().getEpochSecond();
        return last.night();
    }

    private void run(LocalDate night) {
        Database slow = database.sibling(1, STATEMENT);
        List<String> found = new ArrayList<>();
        long compared;
        try {
            String objection = sequencer.objection();
            if (objection != null) {
                found.add("LOG_REFUSED: " + objection);
            }
            if (sequencer.isKeptMissing()) {
                found.add("KEPT_MISSING: the checkpoint kept in YIFANG_DATA is gone");
            }
            Reconciliation reconciliation = new Reconciliation(slow, seal, region);
            reconciliation.run().forEach(one -> found.add(one.kind() + ": " + one.text()));
            compared = reconciliation.compared();
        } finally {
            var _ = slow.close();
        }
        found.stream()
                .limit(TOLD_MOST)
                .forEach(one -> LOG.error("audit check of the night {}: {}", night, one));
        LOG.info(
                "audit check of the night {}: {} events compared, {} findings",
                night,
                compared,
                found.size());
        nights.end(night, compared, found.size(), clock.instant());
    }
}
