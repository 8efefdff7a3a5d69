package org.yifang.identity.client;

import static org.yifang.generated.Tables.SLIP_OPENING;
import static org.yifang.platform.data.Database.SQL;

import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.platform.data.Update;

import java.time.Instant;
import java.util.UUID;

/// All SQL that touches the table `slip_opening`.
final class SlipOpeningStore {
    /// How often a slip was tried in vain.
    ///
    /// @param hour the hour that `inHour` counts
    record Tries(UUID prescription, Instant hour, int inHour, int all) {
        /// One more, in whatever hour it is.
        Tries more(Instant now) {
            return new Tries(prescription, now, in(now) + 1, all + 1);
        }

        int in(Instant now) {
            return hour.equals(now) ? inHour : 0;
        }
    }

    private static final Insert<Tries> INSERT =
            Insert.into(SLIP_OPENING)
                    .set(SLIP_OPENING.PRESCRIPTION_ID, Tries::prescription)
                    .set(SLIP_OPENING.HOUR, Tries::hour)
                    .set(SLIP_OPENING.TRIES_IN_HOUR, Tries::inHour)
                    .set(SLIP_OPENING.TRIES, Tries::all)
                    .orNothing(SLIP_OPENING.PRESCRIPTION_ID);

    private static final Update<Tries> UPDATE =
            Update.of(SLIP_OPENING)
                    .set(SLIP_OPENING.HOUR, Tries::hour)
                    .set(SLIP_OPENING.TRIES_IN_HOUR, Tries::inHour)
                    .set(SLIP_OPENING.TRIES, Tries::all)
                    .where(SLIP_OPENING.PRESCRIPTION_ID, Tries::prescription);

    /// Those of one prescription, locked, so that twenty at once do not have one try each.
    Tries lock(Tx tx, UUID prescription, Instant hour) {
        INSERT.start(tx, new Tries(prescription, hour, 0, 0));
        var row =
                tx.run(
                                SQL.select(
                                                SLIP_OPENING.HOUR,
                                                SLIP_OPENING.TRIES_IN_HOUR,
                                                SLIP_OPENING.TRIES)
                                        .from(SLIP_OPENING)
                                        .where(SLIP_OPENING.PRESCRIPTION_ID.eq(prescription))
                                        .forUpdate())
                        .iterator()
                        .next();
        return new Tries(
                prescription,
                Rows.get(row, SLIP_OPENING.HOUR),
                Rows.get(row, SLIP_OPENING.TRIES_IN_HOUR),
                Rows.get(row, SLIP_OPENING.TRIES));
    }

    void save(Tx tx, Tries tries) {
        UPDATE.start(tx, tries);
    }
}
