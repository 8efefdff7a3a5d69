package org.yifang.platform.edge;

import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Lets each client have so much of one kind of work done at once; what is beyond waits for the
/// client's own, and nobody else's, and a full queue refuses. Call from a virtual thread.
public final class ClientTurns {
    private static final class Line {
        private int running;
        private final Deque<Promise<Void>> waiting = new ArrayDeque<>();
    }

    private final int each;
    private final int waitingMost;
    private final Bound bound;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();

    /// @param each how much of one client's is done at once
    /// @param waitingMost how much of it waits
    public ClientTurns(int each, int waitingMost, Bound bound) {
        this.each = each;
        this.waitingMost = waitingMost;
        this.bound = bound;
    }

    /// Does `work` when the client's turn comes.
    ///
    /// @throws Problem `RX-1029` when too much of this client waits
    public <T> T take(String client, Supplier<T> work) {
        Promise<Void> turn = enter(client);
        if (turn != null) {
            turn.future().await();
        }
        try {
            return work.get();
        } finally {
            leave(client);
        }
    }

    /// Null when it is the client's turn at once.
    private @Nullable Promise<Void> enter(String client) {
        List<Promise<Void>> turn = new ArrayList<>(1);
        boolean[] full = new boolean[1];
        lines.compute(
                client,
                (_, before) -> {
                    Line line = before == null ? new Line() : before;
                    if (line.running < each) {
                        line.running++;
                    } else if (line.waiting.size() >= waitingMost) {
                        full[0] = true;
                    } else {
                        Promise<Void> promise = Promise.promise();
                        line.waiting.add(promise);
                        turn.add(promise);
                    }
                    return line;
                });
        if (full[0]) {
            bound.reached();
            throw new Problem(
                    List.of(
                            new Problem.Finding(
                                    ProblemCode.TOO_MANY_REQUESTS,
                                    "Too many searches of this client are waiting.",
                                    "Send fewer at once.")),
                    Map.of("Retry-After", "1"));
        }
        return turn.isEmpty() ? null : turn.getFirst();
    }

    private void leave(String client) {
        List<Promise<Void>> next = new ArrayList<>(1);
        lines.computeIfPresent(
                client,
                (_, line) -> {
                    Promise<Void> first = line.waiting.poll();
                    if (first != null) {
                        next.add(first);
                    } else {
                        line.running--;
                    }
                    return line.running == 0 ? null : line;
                });
        next.forEach(Promise::complete);
    }

    /// How much of a client waits.
    public int waiting(String client) {
        int[] waits = new int[1];
        lines.computeIfPresent(
                client,
                (_, line) -> {
                    waits[0] = line.waiting.size();
                    return line;
                });
        return waits[0];
    }

    /// How many clients have something under way.
    public int clients() {
        return lines.size();
    }
}
