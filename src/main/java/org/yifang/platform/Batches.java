package org.yifang.platform;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Gathers what concurrent callers want into few statements: while some are under way the next one
/// fills. One caller alone never waits for others.
///
/// What is given goes only into a statement that is sent afterwards, so that a question is never
/// answered with something older than itself.
///
/// @param <T> what one caller gives
/// @param <R> the answer to a whole batch; every caller of it gets the same
public final class Batches<T, R> {
    /// How much there may be at once, in what [#size] counts.
    ///
    /// @param batch of one batch; a single gift may be larger
    /// @param atOnce batches under way at once
    /// @param waiting for their batch; more callers are answered that we are busy
    public record Bounds(int batch, int atOnce, int waiting) {}

    private record Waiting<T, R>(T given, int size, Promise<R> answer) {}

    private final String name;
    private final Bounds bounds;
    private final ToIntFunction<T> size;
    private final Function<List<T>, Future<R>> send;
    private final ConcurrentLinkedQueue<Waiting<T, R>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();

    /// @param name who is busy when too many wait: `The audit log`
    /// @param size of one gift, in what the bounds count
    /// @param send sends one batch; must not wait
    public Batches(
            String name, Bounds bounds, ToIntFunction<T> size, Function<List<T>, Future<R>> send) {
        this.name = name;
        this.bounds = bounds;
        this.size = size;
        this.send = send;
    }

    /// Gives one thing to the next batch. The answer is that of its batch; it fails when that does,
    /// or with `RX-9004` when too many wait.
    public Future<R> add(T given) {
        int more = size.applyAsInt(given);
        if (waiting.addAndGet(more) > bounds.waiting) {
            waiting.addAndGet(-more);
            return Future.failedFuture(
                    new Problem(
                            ProblemCode.BUSY,
                            name + " cannot take more calls now; nothing was answered.",
                            "Send the same request again after a moment."));
        }
        Promise<R> answer = Promise.promise();
        queue.add(new Waiting<>(given, more, answer));
        sendNext();
        return answer.future();
    }

    /// Starts a batch unless enough are under way; each that ends starts the next.
    private void sendNext() {
        while (!queue.isEmpty()) {
            if (underWay.incrementAndGet() > bounds.atOnce) {
                underWay.decrementAndGet();
                // The batch that ended meanwhile may have seen the queue empty.
                if (underWay.get() >= bounds.atOnce) {
                    return;
                }
            } else {
                send(drain());
            }
        }
    }

    private List<Waiting<T, R>> drain() {
        List<Waiting<T, R>> batch = new ArrayList<>();
        int all = 0;
        while (all < bounds.batch) {
            Waiting<T, R> next = queue.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
            all += next.size;
        }
        waiting.addAndGet(-all);
        return batch;
    }

    private void send(List<Waiting<T, R>> batch) {
        if (batch.isEmpty()) {
            underWay.decrementAndGet();
            return;
        }
        Future<R> sent;
        try {
            sent = send.apply(batch.stream().map(Waiting::given).toList());
        } catch (RuntimeException failure) {
            sent = Future.failedFuture(failure);
        }
        sent.onComplete(outcome -> {
            underWay.decrementAndGet();
            sendNext();
            for (Waiting<T, R> one : batch) {
                if (outcome.succeeded()) {
                    one.answer.complete(outcome.result());
                } else {
                    one.answer.fail(outcome.cause());
                }
            }
        });
    }
}
