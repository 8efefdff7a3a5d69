package org.yifang.price.compare;

import static org.yifang.generated.Tables.SWAP_JUDGEMENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.SealedColumn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The judgements in force, in memory: read at the start, after each own change, and by every sweep
/// for what another instance wrote.
public final class SwapStore {
    private static final int MOST = 100_000;

    private final Database database;
    private final Uuid7 ids;
    private volatile Swaps swaps = Swaps.NONE;
    private volatile List<Swaps.Judgement> judgements = List.of();

    /// Reads the judgements. Waits.
    public SwapStore(Database database, Uuid7 ids) {
        this.ids = ids;
        this.database = database;
        refresh();
    }

    public Swaps swaps() {
        return swaps;
    }

    /// Every judgement in force, the newest first.
    public List<Swaps.Judgement> judgements() {
        return judgements;
    }

    /// Reads anew. Waits.
    public void refresh() {
        List<Swaps.Judgement> found = read();
        judgements = found;
        swaps = new Swaps(found);
    }

    private List<Swaps.Judgement> read() {
        List<Swaps.Judgement> found = new ArrayList<>();
        Set<Set<String>> seen = new HashSet<>();
        for (Row row :
                database.run(
                        SQL.select(
                                        SWAP_JUDGEMENT.ONE,
                                        SWAP_JUDGEMENT.OTHER,
                                        SWAP_JUDGEMENT.VERDICT,
                                        SWAP_JUDGEMENT.APPROVER,
                                        SWAP_JUDGEMENT.JUDGED_ON,
                                        SWAP_JUDGEMENT.REASON)
                                .from(SWAP_JUDGEMENT)
                                .orderBy(SWAP_JUDGEMENT.ID.desc())
                                .limit(MOST))) {
            String one = Rows.get(row, SWAP_JUDGEMENT.ONE);
            String other = Rows.get(row, SWAP_JUDGEMENT.OTHER);
            if (seen.add(Set.of(one, other))) {
                found.add(
                        new Swaps.Judgement(
                                one,
                                other,
                                Swaps.Verdict.of(Rows.get(row, SWAP_JUDGEMENT.VERDICT)),
                                Rows.get(row, SWAP_JUDGEMENT.APPROVER),
                                Rows.get(row, SWAP_JUDGEMENT.JUDGED_ON),
                                database.texts().open(Rows.get(row, SWAP_JUDGEMENT.REASON))));
            }
        }
        return List.copyOf(found);
    }

    /// Keeps a judgement; it is in force at once, and replaces the one before on the same pair.
    ///
    /// @return every judgement in force with it, the newest first
    List<Swaps.Judgement> judge(Swaps.Judgement judgement, Instant now) {
        database.change(
                SQL.insertInto(SWAP_JUDGEMENT)
                        .set(SWAP_JUDGEMENT.ID, ids.get())
                        .set(SWAP_JUDGEMENT.ONE, judgement.one())
                        .set(SWAP_JUDGEMENT.OTHER, judgement.other())
                        .set(SWAP_JUDGEMENT.VERDICT, judgement.verdict().code())
                        .set(SWAP_JUDGEMENT.APPROVER, judgement.approver())
                        .set(SWAP_JUDGEMENT.JUDGED_ON, judgement.on())
                        .set(SWAP_JUDGEMENT.REASON, database.texts().seal(judgement.reason()))
                        .set(SWAP_JUDGEMENT.CREATED_AT, now));
        database.afterCommit(this::refresh);
        return read();
    }

    /// Why, in somebody's words, for the rotation of the master key.
    public static SealedColumn sealed() {
        return SealedColumn.texts(
                "reasons of judgements",
                SWAP_JUDGEMENT,
                List.of(SWAP_JUDGEMENT.ID),
                SWAP_JUDGEMENT.REASON);
    }
}
