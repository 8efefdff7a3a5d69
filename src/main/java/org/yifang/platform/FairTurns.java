package org.yifang.platform;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// A few threads for work that takes a processor for long, given out in turns by key: who sends
/// much waits for its own, and nobody waits for more than one piece of work of each other.
public final class FairTurns implements AutoCloseable {
    /// What is answered when a key already has as much waiting as it may.
    public static final class Full extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Full() {
            super("too much waits under this key", null, false, false);
        }
    }

    private record Work<T>(Callable<T> what, Promise<T> answer) {
        void on(WorkerExecutor workers, Runnable after) {
            workers.executeBlocking(what, false)
                    .onComplete(done -> {
                        after.run();
                        if (done.succeeded()) {
                            answer.complete(done.result());
                        } else {
                            answer.fail(done.cause());
                        }
                    });
        }
    }

    private final WorkerExecutor workers;
    private final int threads;
    private final int waitingMost;
    private final int keysMost;

    /// All that is below changes on this one context only, so that nothing has to be locked.
    private final Context turns;

    private final Map<String, Deque<Work<?>>> waiting = new LinkedHashMap<>();
    private int running;

    /// @param waitingMost pieces of work that wait under one key
    /// @param keysMost keys under which work waits
    public FairTurns(Vertx vertx, String name, int threads, int waitingMost, int keysMost) {
        this.workers = vertx.createSharedWorkerExecutor(name, threads);
        this.threads = threads;
        this.waitingMost = waitingMost;
        this.keysMost = keysMost;
        this.turns = vertx.getOrCreateContext();
    }

    /// Does `work` when its turn comes; fails with [Full] when too much waits under `key` already.
    public <T> Future<T> take(String key, Callable<T> work) {
        Promise<T> answer = Promise.promise();
        turns.runOnContext(_ -> {
            Deque<Work<?>> own = waiting.get(key);
            int already = own == null ? 0 : own.size();
            if (already >= waitingMost || (own == null && waiting.size() >= keysMost)) {
                answer.fail(new Full());
                return;
            }
            waiting.computeIfAbsent(key, _ -> new ArrayDeque<>()).add(new Work<>(work, answer));
            go();
        });
        return answer.future();
    }

    private void go() {
        while (running < threads) {
            Optional<Work<?>> next = next();
            if (next.isEmpty()) {
                return;
            }
            running++;
            next.get()
                    .on(
                            workers,
                            () ->
                                    turns.runOnContext(_ -> {
                                        running--;
                                        go();
                                    }));
        }
    }

    /// The oldest of the key whose turn it is; that key goes to the end of the line.
    private Optional<Work<?>> next() {
        var first = waiting.entrySet().iterator();
        if (!first.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<String, Deque<Work<?>>> turn = first.next();
        String key = turn.getKey();
        Deque<Work<?>> own = turn.getValue();
        first.remove();
        Work<?> work = own.remove();
        if (!own.isEmpty()) {
            waiting.put(key, own);
        }
        return Optional.of(work);
    }

    @Override
    public void close() {
        var _ = workers.close();
    }
}
