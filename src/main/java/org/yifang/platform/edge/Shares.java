package org.yifang.platform.edge;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Gives out what is scarce: so many in all, so many to each. Holds no more than is given out.
public final class Shares {
    private final int inAll;
    private final int each;
    private final AtomicInteger taken = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> byHolder = new ConcurrentHashMap<>();

    public Shares(int inAll, int each) {
        this.inAll = inAll;
        this.each = each;
    }

    /// What became of a wish for one more.
    public enum Answer {
        TAKEN,
        ALL_TAKEN,
        SHARE_TAKEN
    }

    /// Takes one; what was taken has to be given back.
    public Answer take(String holder) {
        if (taken.incrementAndGet() > inAll) {
            taken.decrementAndGet();
            return Answer.ALL_TAKEN;
        }
        int[] now = new int[1];
        byHolder.merge(holder, 1, (held, one) -> held < each ? held + one : over(now, held));
        if (now[0] > 0) {
            taken.decrementAndGet();
            return Answer.SHARE_TAKEN;
        }
        return Answer.TAKEN;
    }

    /// Takes one of all for somebody who stands for many.
    public Answer takeFreely(String holder) {
        if (taken.incrementAndGet() > inAll) {
            taken.decrementAndGet();
            return Answer.ALL_TAKEN;
        }
        byHolder.merge(holder, 1, Integer::sum);
        return Answer.TAKEN;
    }

    private static int over(int[] now, int held) {
        now[0] = 1;
        return held;
    }

    public void giveBack(String holder) {
        byHolder.computeIfPresent(holder, (_, held) -> held == 1 ? null : held - 1);
        taken.decrementAndGet();
    }

    /// How many are given out.
    public int taken() {
        return taken.get();
    }
}
