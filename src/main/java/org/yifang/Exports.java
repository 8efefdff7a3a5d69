package org.yifang;

import org.yifang.audit.AuditLog;
import org.yifang.export.Export;
import org.yifang.export.ExportSource;
import org.yifang.identity.seal.Seal;
import org.yifang.prescription.Prescriptions;
import org.yifang.registry.PatientExport;

import java.util.ArrayList;
import java.util.List;

/// Puts together what can be exported: each package says what of its own.
final class Exports {
    static Export start(
            Ground ground, Registered registered, AuditLog log, Prescriptions prescriptions) {
        List<ExportSource> sources = new ArrayList<>();
        sources.add(log.exported());
        sources.add(new PatientExport(ground.database(), registered.patients()));
        sources.addAll(prescriptions.exported());
        return new Export(
                        ground.database(),
                        ground.config().region(),
                        ground.ids(),
                        ground.audit()::append,
                        keys(ground.secrets().seal()),
                        ground.clock(),
                        sources)
                .begin();
    }

    private static Export.KeySeal keys(Seal seal) {
        return new Export.KeySeal() {
            @Override
            public byte[] seal(byte[] plain) {
                return seal.seal(plain, Secrets.EXPORT);
            }

            @Override
            public byte[] open(byte[] sealed) {
                return seal.open(sealed, Secrets.EXPORT);
            }
        };
    }

    private Exports() {}
}
