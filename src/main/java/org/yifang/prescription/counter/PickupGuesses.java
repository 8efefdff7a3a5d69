package org.yifang.prescription.counter;

import static org.yifang.generated.Tables.WRONG_PICKUP_CODE;
import static org.yifang.platform.data.Database.SQL;
import static org.yifang.platform.data.Rows.get;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.yifang.platform.data.Database;
import org.yifang.platform.data.Statement;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Limits the guessing of pick-up codes: wrong ones are counted per client and per prescription,
/// over all instances of the service.
final class PickupGuesses {
    /// 25^8 codes and a few thousand live ones: at this rate a hit takes a client centuries. A
    /// counter with a bad scanner still has enough tries.
    static final int GUESSES_MOST = 20;

    static final Duration WINDOW = Duration.ofMinutes(10);

    private static final Statement COUNT =
            Statement.of(p ->
                    SQL.insertInto(WRONG_PICKUP_CODE)
                            .columns(
                                    WRONG_PICKUP_CODE.GUESSER,
                                    WRONG_PICKUP_CODE.WINDOW_START,
                                    WRONG_PICKUP_CODE.GUESSES)
                            .values(
                                    p.like(WRONG_PICKUP_CODE.GUESSER),
                                    p.like(WRONG_PICKUP_CODE.WINDOW_START),
                                    org.jooq.impl.DSL.inline(1))
                            .onConflict(WRONG_PICKUP_CODE.GUESSER, WRONG_PICKUP_CODE.WINDOW_START)
                            .doUpdate()
                            .set(
                                    WRONG_PICKUP_CODE.GUESSES,
                                    WRONG_PICKUP_CODE.GUESSES.plus(org.jooq.impl.DSL.inline(1)))
                            .returning(WRONG_PICKUP_CODE.GUESSES));

    private final Database database;
    private final Cache<String, Instant> blocked =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(WINDOW).build();

    PickupGuesses(Database database) {
        this.database = database;
    }

    /// @throws Problem 429 when this guesser has guessed too often
    void mayGuess(String guesser, Instant now) {
        Instant until = blocked.getIfPresent(guesser);
        if (until != null && now.isBefore(until)) {
            throw tooMany(until, now);
        }
    }

    /// Counts a wrong code.
    ///
    /// @throws Problem 429 from the first guess above the limit on
    void wrong(String guesser, Instant now) {
        long seconds = WINDOW.toSeconds();
        Instant start = Instant.ofEpochSecond(now.getEpochSecond() / seconds * seconds);
        var row = database.run(COUNT, guesser, start).iterator().next();
        if (get(row, WRONG_PICKUP_CODE.GUESSES) > GUESSES_MOST) {
            Instant until = start.plus(WINDOW);
            blocked.put(guesser, until);
            throw tooMany(until, now);
        }
    }

    private static Problem tooMany(Instant until, Instant now) {
        long seconds = Math.max(1, Duration.between(now, until).toSeconds());
        return new Problem(
                List.of(
                        new Problem.Finding(
                                ProblemCode.TOO_MANY_REQUESTS,
                                "Too many wrong pick-up codes.",
                                "Try again in " + seconds + " seconds, with the patient's slip.")),
                Map.of("Retry-After", String.valueOf(seconds)));
    }
}
