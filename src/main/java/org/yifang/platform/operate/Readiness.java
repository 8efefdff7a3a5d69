package org.yifang.platform.operate;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.platform.Limits;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Says whether calls can be served. Every part is asked in turns of its own, so that the question
/// is answered at once even when a part does not answer at all.
public final class Readiness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    /// One part of the service, asked again and again.
    public interface Check {
        /// Why no calls can be served, in a sentence without its full stop; null when all is well.
        /// May wait.
        @Nullable String unwell() throws Exception;

        /// Whether no calls can be served while this part is unwell; else it is told only.
        default boolean isNeeded() {
            return true;
        }
    }

    /// How one part is.
    ///
    /// @param reason why it is not well, or null
    /// @param needed whether no calls are served while it is not
    public record State(String part, @Nullable String reason, boolean needed) {}

    private static final class Asked {
        private final String part;
        private final Check check;
        private final Duration silence;
        private final CountDownLatch first = new CountDownLatch(1);
        private volatile @Nullable String reason;
        private volatile long answeredAt = System.nanoTime();

        Asked(String part, Check check, Duration silence) {
            this.part = part;
            this.check = check;
            this.silence = silence;
        }

        State state() {
            long silent = System.nanoTime() - answeredAt;
            return new State(
                    part,
                    silent > silence.toNanos() ? "the " + part + " does not answer" : reason,
                    check.isNeeded());
        }
    }

    private final MeterRegistry registry;
    private final Duration pause;
    private final Duration silence;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile boolean closing;

    /// @param registry is told how every part is, and what the checks measure
    public Readiness(MeterRegistry registry) {
        this(registry, Limits.READINESS_PAUSE, Limits.READINESS_SILENCE);
        Gauge.builder("yifang.threads.restarted", Lasting::restarts)
                .description("Threads of the service that died and were begun anew")
                .register(registry);
    }

    Readiness(MeterRegistry registry, Duration pause, Duration silence) {
        this.registry = registry;
        this.pause = pause;
        this.silence = silence;
    }

    /// Where measures are told.
    public MeterRegistry measures() {
        return registry;
    }

    /// Asks `check` from now on.
    public void watch(String part, Check check) {
        Asked one = new Asked(part, check, silence);
        asked.add(one);
        Gauge.builder("yifang.ready", one, state -> state.state().reason() == null ? 1 : 0)
                .description("1 while a part of the service is well, else 0")
                .tag("part", part)
                .register(registry);
        if (check instanceof MeterBinder measures) {
            measures.bindTo(registry);
        }
        var _ = Lasting.start("readiness-" + part, () -> ask(one));
    }

    private void ask(Asked one) {
        while (!closing) {
            String before = one.reason;
            try {
                one.reason = one.check.unwell();
            } catch (Exception failure) {
                one.reason = "the " + one.part + " does not answer";
            }
            one.answeredAt = System.nanoTime();
            one.first.countDown();
            tell(one, before, one.reason);
            try {
                Thread.sleep(pause);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private static void tell(Asked one, @Nullable String before, @Nullable String now) {
        if (now != null && before == null) {
            LOG.warn("{}: {}", one.check.isNeeded() ? "not ready" : "ready all the same", now);
        } else if (now == null && before != null) {
            LOG.warn("the {} is well again", one.part);
        }
    }

    /// Waits until every part has answered once.
    public void awaitFirst(Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        for (Asked one : asked) {
            var _ = one.first.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    /// Every part and how it is, at once.
    public List<State> states() {
        return asked.stream().map(Asked::state).toList();
    }

    /// Why no calls can be served, or null; at once.
    public @Nullable String reason() {
        if (closing) {
            return "the service ends";
        }
        for (Asked one : asked) {
            String reason = one.state().reason();
            if (reason != null && one.check.isNeeded()) {
                return reason;
            }
        }
        return null;
    }

    /// From now on no more calls are wanted; those under way are still answered.
    @Override
    public void close() {
        closing = true;
    }
}
