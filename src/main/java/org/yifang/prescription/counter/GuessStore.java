package org.yifang.prescription.counter;

import static org.yifang.generated.Tables.WRONG_PICKUP_CODE;

import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;

import java.time.Instant;

/// Counts wrong pick-up codes, over all instances of the service.
final class GuessStore {
    private record Guess(String guesser, Instant window) {}

    private static final Insert<Guess> COUNT =
            Insert.into(WRONG_PICKUP_CODE)
                    .set(WRONG_PICKUP_CODE.GUESSER, Guess::guesser)
                    .set(WRONG_PICKUP_CODE.WINDOW_START, Guess::window)
                    .add(WRONG_PICKUP_CODE.GUESSES, _ -> 1)
                    .orReplace(WRONG_PICKUP_CODE.GUESSER, WRONG_PICKUP_CODE.WINDOW_START)
                    .returning(WRONG_PICKUP_CODE.GUESSES);

    /// Counts one more of this guesser; tells how many there are in its window. Waits.
    static int count(Database database, String guesser, Instant window) {
        var rows = database.run(COUNT.one(), COUNT.values(new Guess(guesser, window)));
        return Rows.get(rows.iterator().next(), WRONG_PICKUP_CODE.GUESSES);
    }

    private GuessStore() {}
}
