package org.yifang.identity.client;

import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// Lets a patient in who shows a slip and names the last four characters of the certificate: to
/// that one prescription. Whoever finds a slip has ten thousand numbers to try, and twenty tries.
final class SlipDesk {
    static final String GRANT_TYPE = "urn:yifang:pickup";

    /// Who mistypes needs two or three; a stranger learns nothing from five.
    static final int TRIES_PER_HOUR = 5;

    /// Then the hospital prints a new slip: a chance of 1 in 500 for a stranger, all in all.
    static final int TRIES_MOST = 20;

    private static final int LAST = 4;
    private static final UUID NOBODY = new UUID(0, 0);
    private static final List<String> SCOPES =
            List.of("system/*.rs", "system/Task.u", "system/Patient.u");

    private final Database database;
    private final SlipOpeningStore store = new SlipOpeningStore();
    private final SigningKeys keys;
    private final AccessTokens tokens;
    private final Slips slips;
    private final InstantSource clock;
    private final Uuid7 ids;

    SlipDesk(
            Database database,
            SigningKeys keys,
            AccessTokens tokens,
            Slips slips,
            InstantSource clock,
            Uuid7 ids) {
        this.database = database;
        this.keys = keys;
        this.tokens = tokens;
        this.slips = slips;
        this.clock = clock;
        this.ids = ids;
    }

    /// Answers one request; waits.
    Login open(TokenRequest request) {
        String token = request.field("pickup_token");
        String last = request.field("last_four");
        if (token == null || last == null || last.length() != LAST) {
            return Login.invalidRequest(
                    "The fields pickup_token and last_four, of four characters, are needed.", null);
        }
        Optional<PickupToken> read =
                PickupToken.read(keys, token.substring(token.indexOf('#') + 1));
        if (read.isEmpty()) {
            return wrong();
        }
        UUID task = read.get().taskId();
        Optional<Slips.Slip> slip = slips.of(task);
        return slip.isEmpty()
                ? wrong()
                : database.inTransaction(tx -> tried(tx, task, slip.get(), last));
    }

    private Login tried(Tx tx, UUID task, Slips.Slip slip, String last) {
        Instant now = clock.instant();
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        SlipOpeningStore.Tries tries = store.lock(tx, task, hour);
        if (tries.all() >= TRIES_MOST) {
            return new Login.Denied(
                    400,
                    "invalid_grant",
                    "This slip was tried too often; the hospital prints another.",
                    null);
        }
        if (tries.in(hour) >= TRIES_PER_HOUR) {
            return new Login.Denied(
                    429,
                    "temporarily_unavailable",
                    "Too many wrong tries with this slip; wait until the next hour.",
                    null);
        }
        if (isLast(slip.number(), last)) {
            return granted(task, slip, now);
        }
        store.save(tx, tries.more(hour));
        return wrong();
    }

    private Login granted(UUID task, Slips.Slip slip, Instant now) {
        Grant grant =
                new Grant(
                        // Its own name, so that its share of calls is its own, too.
                        "slip-" + task,
                        Role.PATIENT,
                        NOBODY,
                        "",
                        List.of(),
                        SCOPES,
                        slip.patient(),
                        Caller.Person.UNNAMED,
                        now.plus(AccessTokens.LIFETIME),
                        task);
        return new Login.Granted(grant, tokens.issue(grant, ids.get().toString()));
    }

    private static boolean isLast(String number, String last) {
        return number.length() >= LAST
                && MessageDigest.isEqual(
                        upper(number.substring(number.length() - LAST)), upper(last));
    }

    private static byte[] upper(String text) {
        return text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }

    /// The same whether the token or the characters are wrong.
    private static Login.Denied wrong() {
        return new Login.Denied(
                400, "invalid_grant", "The slip and these four characters do not fit.", null);
    }
}
