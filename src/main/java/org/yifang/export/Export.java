package org.yifang.export;

import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Bulk Data exports (HL7 FHIR Bulk Data Access 2): the routes and this instance's worker.
public final class Export implements AutoCloseable {
    /// What exports are built from.
    ///
    /// @param region GB/T 2260, six digits
    /// @param ids makes UUIDv7
    /// @param audit appends to the audit log in the same transaction
    /// @param seal seals keys of pseudonyms under the master key
    /// @param open opens them
    /// @param sources what can be exported; an export writes them in this order
    public record Parts(
            Database database,
            String region,
            Supplier<UUID> ids,
            BiConsumer<Tx, Access> audit,
            UnaryOperator<byte[]> seal,
            UnaryOperator<byte[]> open,
            InstantSource clock,
            List<ExportSource> sources) {}

    private final Parts parts;
    private final ExportStore store;
    private final ExportWorker worker;

    private Export(Parts parts) {
        this.parts = parts;
        this.store = new ExportStore(parts.database(), parts.region());
        this.worker = new ExportWorker(store, parts.sources(), parts.open(), parts.clock());
    }

    /// Goes on with exports that were begun, here or by an instance that died.
    public static Export start(Parts parts) {
        Export export = new Export(parts);
        export.worker.start();
        return export;
    }

    public void mount(FhirRouter fhir) {
        new ExportRoutes(parts, store, fhir.base()).mount(fhir);
    }

    @Override
    public void close() throws InterruptedException {
        worker.stop();
    }
}
