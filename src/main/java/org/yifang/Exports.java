package org.yifang;

import org.yifang.audit.AuditLog;
import org.yifang.audit.event.Audit;
import org.yifang.export.Export;
import org.yifang.export.ExportSource;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.prescription.Prescriptions;
import org.yifang.registry.PatientExport;
import org.yifang.registry.Patients;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Puts together what can be exported: each package says what of its own.
final class Exports {
    static Export start(
            Database database,
            Config config,
            InstantSource clock,
            Uuid7 ids,
            Audit audit,
            Seal seal,
            AuditLog log,
            Patients patients,
            Prescriptions prescriptions) {
        List<ExportSource> sources = new ArrayList<>();
        sources.add(log.exported());
        sources.add(new PatientExport(database, patients));
        sources.addAll(prescriptions.exported());
        return Export.start(
                new Export.Needs(
                        database, config.region(), ids, audit::append, keys(seal), clock, sources));
    }

    private static Export.KeySeal keys(Seal seal) {
        return new Export.KeySeal() {
            @Override
            public byte[] seal(byte[] plain) {
                return seal.seal(plain, "export");
            }

            @Override
            public byte[] open(byte[] sealed) {
                return seal.open(sealed, "export");
            }
        };
    }

    private Exports() {}
}
