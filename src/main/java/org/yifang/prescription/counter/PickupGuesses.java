package org.yifang.prescription.counter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.yifang.platform.data.Database;
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
        if (GuessStore.count(database, guesser, start) > GUESSES_MOST) {
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
