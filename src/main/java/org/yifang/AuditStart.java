package org.yifang;

import org.yifang.audit.AuditLog;
import org.yifang.audit.log.Witnesses;
import org.yifang.platform.config.Config;

import java.nio.file.Path;
import java.util.List;

/// Starts the audit log as it is configured.
final class AuditStart {
    static AuditLog start(Ground ground, Registered registered) {
        Config config = ground.config();
        return new AuditLog(
                        ground.vertx(),
                        ground.database(),
                        ground.secrets().names(),
                        ground.audit(),
                        config.region(),
                        config.publicUrl().getHost(),
                        origin(config),
                        keptCheckpoint(config),
                        new Witnesses(witnesses(config), ground.clock()),
                        new RegistryNumbers(registered.patients(), registered.organizations()),
                        ground.clock())
                .start();
    }

    /// The name of the audit log when it has none yet.
    static String origin(Config config) {
        return config.publicUrl().getAuthority() + "/audit";
    }

    static Path keptCheckpoint(Config config) {
        return config.data().resolve("audit-checkpoint");
    }

    private static List<Witnesses.Witness> witnesses(Config config) {
        try {
            return config.witnesses().stream().map(Witnesses.Witness::parse).toList();
        } catch (IllegalArgumentException failure) {
            throw new Config.Invalid(
                    "YIFANG_AUDIT_WITNESSES cannot be used: " + failure.getMessage());
        }
    }

    private AuditStart() {}
}
