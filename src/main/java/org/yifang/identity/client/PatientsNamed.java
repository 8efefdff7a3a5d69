package org.yifang.identity.client;

import org.yifang.platform.data.Database;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Which patients an app may name: so many different ones an hour, known or not. Who is not known
/// here is somebody all the same, of whom there is nothing to see.
final class PatientsNamed {
    private final Database database;
    private final PatientAssertedStore store = new PatientAssertedStore();
    private final Function<String, Optional<UUID>> patient;
    private final Function<String, byte[]> index;
    private final int perHour;

    /// @param patient finds a Patient by its id or by an identity card number
    /// @param index a blind index, so that no number stands in the table
    PatientsNamed(
            Database database,
            Function<String, Optional<UUID>> patient,
            Function<String, byte[]> index,
            int perHour) {
        this.database = database;
        this.patient = patient;
        this.index = index;
        this.perHour = perHour;
    }

    /// Notes a person for this hour; false when there were too many others. Waits.
    boolean allows(String client, String named, Instant now) {
        var one =
                new PatientAssertedStore.Named(
                        client, now.truncatedTo(ChronoUnit.HOURS), index.apply(named));
        return database.inTransaction(tx -> {
            if (store.others(tx, one, perHour) >= perHour) {
                return false;
            }
            store.add(tx, one);
            return true;
        });
    }

    /// The Patient named; for somebody unknown an id that nobody has, always the same.
    UUID of(String named) {
        return patient.apply(named).orElseGet(() -> nobody(named));
    }

    private UUID nobody(String named) {
        ByteBuffer bytes = ByteBuffer.wrap(index.apply(named));
        // Version 8: neither made by a clock nor by chance (RFC 9562).
        long high = (bytes.getLong() & 0xffffffffffff0fffL) | 0x8000L;
        long low = (bytes.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
