package org.yifang.export;

import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.data.Tx;

import java.time.InstantSource;
import java.util.List;

/// Bulk Data exports (HL7 FHIR Bulk Data Access 2): the routes and this instance's worker.
public final class Export implements AutoCloseable {
    /// Seals keys of pseudonyms under the master key.
    public interface KeySeal {
        byte[] seal(byte[] plain);

        byte[] open(byte[] sealed);
    }

    /// Appends to the audit log in the transaction of what is told.
    public interface Auditing {
        void append(Tx tx, Access access);
    }

    private final ExportDesk desk;
    private final ExportStore store;
    private final List<ExportSource> sources;
    private final ExportWorker worker;

    /// @param region GB/T 2260, six digits
    /// @param sources what can be exported; an export writes them in this order
    public Export(
            Database database,
            String region,
            Uuid7 ids,
            Auditing auditing,
            KeySeal keys,
            InstantSource clock,
            List<ExportSource> sources) {
        this.store = new ExportStore(database, region);
        this.desk = new ExportDesk(database, store, ids, auditing, keys);
        this.sources = sources;
        this.worker = new ExportWorker(store, sources, keys, clock);
    }

    /// Goes on with exports that were begun, here or by an instance that died.
    public Export begin() {
        worker.start();
        return this;
    }

    /// What is sealed of exports, for the rotation of the master key.
    ///
    /// @param place what the keys were sealed for
    public static List<SealedColumn> sealed(String place) {
        return SealedExportStore.sealed(place);
    }

    public void mount(FhirRouter fhir) {
        new ExportRoutes(desk, store, sources, fhir.base()).mount(fhir);
    }

    @Override
    public void close() throws InterruptedException {
        worker.stop();
    }
}
