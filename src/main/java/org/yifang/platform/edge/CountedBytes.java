package org.yifang.platform.edge;

import io.vertx.core.buffer.Buffer;

import java.util.function.Consumer;

/// Counts what passes to a taker.
final class CountedBytes implements Consumer<Buffer> {
    /// After so many bytes of one stream the others of this thread have their turn.
    private static final int TURN_BYTES = 1024 * 1024;

    private final Consumer<Buffer> taker;
    private final long most;
    private long taken;
    private int sinceTurn;

    CountedBytes(Consumer<Buffer> taker, long most) {
        this.taker = taker;
        this.most = most;
    }

    @Override
    public void accept(Buffer piece) {
        taken += piece.length();
        sinceTurn += piece.length();
        if (taken > most) {
            Bound.BODY_BYTES.reached();
            throw Body.tooLarge(most);
        }
        taker.accept(piece);
    }

    /// Whether the others of this thread are waiting for long enough; begins to count anew.
    boolean turnIsOver() {
        if (sinceTurn <= TURN_BYTES) {
            return false;
        }
        sinceTurn = 0;
        return true;
    }
}
