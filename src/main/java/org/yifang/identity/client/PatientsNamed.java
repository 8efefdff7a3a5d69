package org.yifang.identity.client;

import org.yifang.identity.seal.BlindIndex;
import org.yifang.platform.data.Database;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// Which patients an app may name: so many different ones an hour, known or not. Who is not known
/// here is somebody all the same, of whom there is nothing to see.
final class PatientsNamed {
    private static final String INDEX = "patient-asserted";

    private final Database database;
    private final PatientAssertedStore store = new PatientAssertedStore();
    private final KnownPatients patients;

    /// So that no number stands in the table.
    private final BlindIndex index;

    private final int perHour;

    PatientsNamed(Database database, KnownPatients patients, BlindIndex index, int perHour) {
        this.database = database;
        this.patients = patients;
        this.index = index;
        this.perHour = perHour;
    }

    /// Notes a person for this hour; false when there were too many others. Waits.
    boolean allows(String client, String named, Instant now) {
        var one =
                new PatientAssertedStore.Named(
                        client, now.truncatedTo(ChronoUnit.HOURS), index.of(INDEX, named));
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
        return patients.named(named).orElseGet(() -> nobody(named));
    }

    private UUID nobody(String named) {
        ByteBuffer bytes = ByteBuffer.wrap(index.of(INDEX, named));
        // Version 8: neither made by a clock nor by chance (RFC 9562).
        long high = (bytes.getLong() & 0xffffffffffff0fffL) | 0x8000L;
        long low = (bytes.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
