package org.yifang.identity.seal;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Job;
import org.yifang.platform.data.BytesColumn;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.SealedColumn;

import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Brings all that is sealed under an older master key under the newest one, while the service
/// serves: patients' keys and what the log tells of people page by page, since they are many, and
/// everything else by how it begins. A step done twice changes nothing the second time, so it goes
/// on after a crash. Afterwards the older keys open backups of before, and nothing else.
///
/// The newest master key is the operator's: it is added as `seal.<next>` to the keys of every
/// instance first, so that each opens what another one seals.
public final class SealingRotation implements Job {
    private static final int STEP = 500;

    /// Some of the others are parts of files.
    private static final int STEP_OTHERS = 20;

    private static final UUID FIRST = new UUID(0, 0);

    private final Database database;
    private final Seal seal;
    private final List<Sealed> columns;
    private final List<SealedColumn> others;
    private final int most;

    /// A column of what is sealed under the master key.
    ///
    /// @param reseal the same under the newest one
    public record Sealed(BytesColumn column, UnaryOperator<byte[]> reseal) {}

    /// @param columns what is looked at page by page, in the order of the work
    /// @param others what comes after
    public SealingRotation(
            Database database, Seal seal, List<Sealed> columns, List<SealedColumn> others) {
        this(database, seal, columns, others, STEP);
    }

    /// @param most rows that a step looks at
    public SealingRotation(
            Database database,
            Seal seal,
            List<Sealed> columns,
            List<SealedColumn> others,
            int most) {
        this.database = database;
        this.seal = seal;
        this.columns = List.copyOf(columns);
        this.others = List.copyOf(others);
        this.most = most;
    }

    @Override
    public String kind() {
        return "keys-sealing";
    }

    /// An instance that lacks the newest key cannot open what others seal.
    @Override
    public @Nullable String obstacle() {
        return MasterKeyStore.sealingMissing(database, seal.current());
    }

    /// The position is `<which column>/<last row>/<how many were changed>`.
    @Override
    public Step step(JsonObject input, Step before) {
        if (before.position().isEmpty()) {
            return next(0, FIRST, 0, new Step("", 0, pages() + stale(), false, ""), 0);
        }
        String[] at = before.position().split("/", -1);
        int column = Integer.parseInt(at[0]);
        long changed = Long.parseLong(at[2]);
        return column < columns.size()
                ? page(column, UUID.fromString(at[1]), changed, before)
                : other(column, changed, before);
    }

    private Step page(int column, UUID after, long changed, Step before) {
        Sealed one = columns.get(column);
        BytesColumn.Page page =
                one.column().rewrite(database, after, most, seal::isCurrent, one.reseal());
        boolean isLast = page.seen() < most;
        return next(
                isLast ? column + 1 : column,
                isLast ? FIRST : page.last(),
                changed + page.changed(),
                before,
                page.seen());
    }

    private Step other(int column, long changed, Step before) {
        int at = column - columns.size();
        if (at == others.size()) {
            // What was written back meanwhile as it had been read before.
            return stale() == 0
                    ? new Step(before.position(), before.done(), before.done(), true, note(changed))
                    : next(columns.size(), FIRST, changed, before, 0);
        }
        int done =
                others.get(at)
                        .rewrite(
                                database,
                                seal.currentPrefix(),
                                Math.min(most, STEP_OTHERS),
                                seal::reseal);
        return next(done == 0 ? column + 1 : column, FIRST, changed + done, before, done);
    }

    private Step next(int column, UUID after, long changed, Step before, int more) {
        long done = before.done() + more;
        int other = column - columns.size();
        String name =
                other < 0
                        ? columns.get(column).column().name()
                        : other < others.size() ? others.get(other).name() : "the end";
        return new Step(
                column + "/" + after + "/" + changed,
                done,
                Math.max(before.total(), done),
                false,
                "at " + name);
    }

    private long pages() {
        return columns.stream().mapToLong(one -> one.column().count(database)).sum();
    }

    private long stale() {
        return others.stream().mapToLong(one -> one.count(database, seal.currentPrefix())).sum();
    }

    private String note(long changed) {
        return changed == 0
                ? ("All was under `seal.%1$d` already. For a new master key add `seal.%2$d` to the"
                                + " keys of every instance, restart them one after the other, and"
                                + " run this again.")
                        .formatted(seal.current(), seal.current() + 1)
                : ("%d values are under `seal.%d` now. The older keys open backups of before, and"
                                + " nothing else; take them out of the keys of every instance."
                                + " A key without a name is `index.1` as well: rotate the index"
                                + " first.")
                        .formatted(changed, seal.current());
    }
}
