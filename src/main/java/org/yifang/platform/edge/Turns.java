package org.yifang.platform.edge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClosedException;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A few threads for work that takes a processor, in fair turns by client: whoever sends much waits
/// for its own, and a full queue refuses instead of growing.
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

    private record Work(Runnable task, Runnable refused, Calling by) {}

    private final int threads;
    private final int most;
    private final int mostEach;
    private final Bound bound;
    private final ExecutorService workers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, Deque<Work>> byClient = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();

    /// @param most pieces of work that wait in all
    /// @param mostEach pieces of work of one client that wait
    public Turns(String name, int threads, int most, int mostEach, Bound bound) {
        this.threads = threads;
        this.most = most;
        this.mostEach = mostEach;
        this.bound = bound;
        this.workers =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name(name + "-", 1).factory());
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
                    } catch (RuntimeException | Error failure) {
                        promise.fail(failure);
                    }
                };
        enter(new Work(task, () -> promise.fail(new HttpClosedException("gone")), by));
        try {
            workers.execute(this::next);
        } catch (RejectedExecutionException closing) {
            throw Problem.busy("The service is closing.");
        }
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
                    Limits.RETRY_AFTER_SECONDS);
        }
        boolean[] full = new boolean[1];
        byClient.compute(
                work.by().client(),
                (client, before) -> {
                    Deque<Work> own = before == null ? new ArrayDeque<>() : before;
                    if (own.size() >= (client.isEmpty() ? most : mostEach)) {
                        full[0] = true;
                        return own;
                    }
                    own.add(work);
                    if (own.size() == 1) {
                        order.add(client);
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
    }

    /// There is as much work as there are calls of this.
    private void next() {
        Work work = null;
        while (work == null) {
            String client = order.poll();
            if (client == null) {
                // Another thread is about to put a client back in line.
                Thread.onSpinWait();
                continue;
            }
            work = taken(client);
        }
        waiting.decrementAndGet();
        if (work.by().isGone()) {
            work.refused().run();
        } else {
            work.task().run();
        }
    }

    private @Nullable Work taken(String client) {
        Work[] first = new Work[1];
        byClient.computeIfPresent(
                client,
                (_, own) -> {
                    first[0] = own.poll();
                    if (own.isEmpty()) {
                        return null;
                    }
                    order.add(client);
                    return own;
                });
        return first[0];
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
