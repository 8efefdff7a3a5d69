package org.yifang.identity.seal;

import io.vertx.core.json.JsonObject;

import org.yifang.platform.Job;
import org.yifang.platform.data.BytesColumn;
import org.yifang.platform.data.Database;

import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Brings what is sealed for people under an older master key under the newest one, while the
/// service serves: patients' keys, and what the log tells of people. Signing keys, second factors,
/// names of accounts, reasons of decisions and exports stay under the key that they were sealed
/// with. A step done twice changes nothing the second time, so it goes on after a crash.
///
/// The newest master key is the operator's: it is added as `seal.<next>` to the keys of every
/// instance first, so that each opens what another one seals.
public final class SealingRotation implements Job {
    private static final int STEP = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final Database database;
    private final Seal seal;
    private final List<Sealed> columns;
    private final int most;

    /// A column of what is sealed under the master key.
    ///
    /// @param reseal the same under the newest one
    public record Sealed(BytesColumn column, UnaryOperator<byte[]> reseal) {}

    /// @param columns what is sealed under the master key, in the order of the work
    public SealingRotation(Database database, Seal seal, List<Sealed> columns) {
        this(database, seal, columns, STEP);
    }

    /// @param most rows that a step looks at
    public SealingRotation(Database database, Seal seal, List<Sealed> columns, int most) {
        this.database = database;
        this.seal = seal;
        this.columns = List.copyOf(columns);
        this.most = most;
    }

    @Override
    public String kind() {
        return "keys-sealing";
    }

    /// The position is `<which column>/<last row>/<how many were changed>`.
    @Override
    public Step step(JsonObject input, Step before) {
        String[] at = before.position().isEmpty() ? new String[0] : before.position().split("/");
        int column = at.length == 0 ? 0 : Integer.parseInt(at[0]);
        UUID after = at.length == 0 ? FIRST : UUID.fromString(at[1]);
        long changed = at.length == 0 ? 0 : Long.parseLong(at[2]);
        long total = at.length == 0 ? count() : before.total();
        if (column == columns.size()) {
            return new Step(before.position(), before.done(), total, true, note(changed));
        }
        Sealed one = columns.get(column);
        BytesColumn.Page page =
                one.column().rewrite(database, after, most, seal::isCurrent, one.reseal());
        long now = changed + page.changed();
        boolean isLast = page.seen() < most;
        String position =
                isLast
                        ? (column + 1) + "/" + FIRST + "/" + now
                        : column + "/" + page.last() + "/" + now;
        long done = before.done() + page.seen();
        boolean finished = isLast && column + 1 == columns.size();
        return new Step(
                position,
                done,
                Math.max(total, done),
                finished,
                finished ? note(now) : "at " + one.column().name());
    }

    private long count() {
        return columns.stream().mapToLong(one -> one.column().count(database)).sum();
    }

    private String note(long changed) {
        return changed == 0
                ? ("All was under `seal.%1$d` already. For a new master key add `seal.%2$d` to the"
                                + " keys of every instance, restart them one after the other, and"
                                + " run this again.")
                        .formatted(seal.current(), seal.current() + 1)
                : ("%d values are under `seal.%d` now. Keep the older key configured: our "
                                + "signing keys, second factors, names of accounts, reasons of"
                                + " decisions and exports of before are under it, and it opens"
                                + " backups.")
                        .formatted(changed, seal.current());
    }
}
