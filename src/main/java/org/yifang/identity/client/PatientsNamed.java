package org.yifang.identity.client;

import org.yifang.identity.seal.BlindIndex;
import org.yifang.platform.data.Database;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/// Which patients an app may name: so many different ones an hour, known or not. Who is not known
/// here is somebody all the same, of whom there is nothing to see.
final class PatientsNamed {
    private final Database database;
    private final PatientAssertedStore store = new PatientAssertedStore();
    private final KnownPatients patients;
    private final UnknownPatients unknown;

    /// So that no number stands in the table.
    private final BlindIndex index;

    private final int perHour;

    PatientsNamed(Database database, KnownPatients patients, BlindIndex index, int perHour) {
        this.database = database;
        this.patients = patients;
        this.index = index;
        this.unknown = new UnknownPatients(index);
        this.perHour = perHour;
    }

    /// Notes a person for this hour; false when there were too many others. Waits.
    boolean allows(String client, String named, Instant now) {
        var one =
                new PatientAssertedStore.Named(
                        client,
                        now.truncatedTo(ChronoUnit.HOURS),
                        index.of(UnknownPatients.INDEX, named));
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
        return patients.named(named).orElseGet(() -> unknown.of(named));
    }
}
