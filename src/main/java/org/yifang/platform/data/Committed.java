package org.yifang.platform.data;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Tells those of this instance who listen what a transaction of it has just committed. A NOTIFY
/// would have all commits of the database wait for each other; who listens here looks now and then
/// by itself for what other instances wrote, or one that died.
public final class Committed {
    private final Map<String, Runnable> listening = new ConcurrentHashMap<>();

    /// Runs `work`, which must not wait, after each transaction that named `what` by
    /// [Tx#afterCommit].
    ///
    /// @return ends it
    public Runnable listen(String what, Runnable work) {
        listening.put(what, work);
        return () -> listening.remove(what, work);
    }

    void tell(Tx tx) {
        for (String what : tx.toldAfterCommit()) {
            Runnable work = listening.get(what);
            if (work != null) {
                work.run();
            }
        }
    }
}
