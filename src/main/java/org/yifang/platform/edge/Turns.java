package org.yifang.platform.edge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClosedException;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A few threads for work that takes a processor, in fair turns by client: whoever sends much waits
/// for its own, and a full queue refuses instead of growing.
///
/// Spare threads are there for others: a client never has all of them, so that long work of one
/// does not stand in the way of another's short work. Only the service's own work takes the spare
/// ones, too.
public final class Turns implements AutoCloseable {
    /// What is answered when too much waits already: `RX-9004` in all, `RX-1029` of one client.
    public static final class Full extends Problem {
        private static final long serialVersionUID = 1L;

        private Full(ProblemCode code, String detail, String hint, int seconds) {
            super(
                    List.of(new Finding(code, detail, hint)),
                    Map.of("Retry-After", String.valueOf(seconds)));
        }
    }

    private record Work(Runnable task, Consumer<Throwable> refused, Calling by) {}

    /// What a client has under way, and what of it waits.
    private static final class Own {
        private final Deque<Work> waiting = new ArrayDeque<>();
        private int taken;
    }

    private final int threads;
    private final int threadsEach;
    private final int most;
    private final int mostEach;
    private final Bound bound;
    private final ExecutorService workers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, Own> byClient = new ConcurrentHashMap<>();

    /// @param threads pieces of work of one client that are done at once
    /// @param spare threads beside them, for others
    /// @param most pieces of work that wait in all
    /// @param mostEach pieces of work of one client that wait
    public Turns(String name, int threads, int spare, int most, int mostEach, Bound bound) {
        this.threads = threads + spare;
        this.threadsEach = threads;
        this.most = most;
        this.mostEach = mostEach;
        this.bound = bound;
        this.workers =
                Executors.newFixedThreadPool(
                        this.threads, Thread.ofPlatform().daemon().name(name + "-", 1).factory());
    }

    public int threads() {
        return threads;
    }

    /// How much waits.
    public int waiting() {
        return waiting.get();
    }

    /// Does `work` when the turn of the present caller comes; not at all when it has gone by then.
    ///
    /// @throws Full when too much waits, in all or of this client
    public <T> Future<T> take(Supplier<T> work) {
        return take(Calling.now(), work);
    }

    /// Does `work` when the turn of `key` comes, whoever is being served: what is guessed at waits
    /// for its own guesses.
    ///
    /// @throws Full when too much waits, in all or under this key
    public <T> Future<T> take(String key, Supplier<T> work) {
        return take(new Calling(key, () -> false), work);
    }

    private <T> Future<T> take(Calling by, Supplier<T> work) {
        Promise<T> promise = Promise.promise();
        Runnable task =
                () -> {
                    try {
                        promise.complete(work.get());
                    } catch (Throwable failure) {
                        // Work that waits fails with what it waited for, which may be checked.
                        promise.fail(failure);
                    }
                };
        enter(new Work(task, promise::fail, by));
        return promise.future();
    }

    private void enter(Work work) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            bound.reached();
            throw new Full(
                    ProblemCode.BUSY,
                    "Too much work is waiting.",
                    "Send the same request again after a moment.",
                    Problem.RETRY_AFTER_SECONDS);
        }
        String client = work.by().client();
        boolean isOurs = client.isEmpty();
        boolean[] full = new boolean[1];
        boolean[] isNext = new boolean[1];
        byClient.compute(
                client,
                (_, before) -> {
                    Own own = before == null ? new Own() : before;
                    if (own.taken < (isOurs ? threads : threadsEach)) {
                        own.taken++;
                        isNext[0] = true;
                    } else if (own.waiting.size() < (isOurs ? most : mostEach)) {
                        own.waiting.add(work);
                    } else {
                        full[0] = true;
                    }
                    return own;
                });
        if (full[0]) {
            waiting.decrementAndGet();
            bound.reached();
            throw new Full(
                    ProblemCode.TOO_MANY_REQUESTS,
                    "Too much work of this client is waiting.",
                    "Send less at once.",
                    1);
        }
        if (isNext[0]) {
            line(work);
        }
    }

    /// The line that the threads take from holds of each client no more than it may take, the next
    /// piece behind what others have put there meanwhile: so turns are fair.
    private void line(Work work) {
        try {
            workers.execute(() -> run(work));
        } catch (RejectedExecutionException closing) {
            waiting.decrementAndGet();
            work.refused().accept(Problem.busy("The service is closing."));
        }
    }

    private void run(Work work) {
        waiting.decrementAndGet();
        try {
            if (work.by().isGone()) {
                work.refused().accept(new HttpClosedException("gone"));
            } else {
                work.task().run();
            }
        } finally {
            Work next = next(work.by().client());
            if (next != null) {
                line(next);
            }
        }
    }

    private @Nullable Work next(String client) {
        Work[] next = new Work[1];
        byClient.computeIfPresent(
                client,
                (_, own) -> {
                    next[0] = own.waiting.poll();
                    if (next[0] == null) {
                        own.taken--;
                    }
                    return own.taken == 0 ? null : own;
                });
        return next[0];
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
