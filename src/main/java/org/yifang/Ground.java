package org.yifang;

import io.vertx.core.Vertx;

import org.yifang.audit.event.Audit;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;

import java.time.InstantSource;
import java.util.Deque;

/// What every part of the service stands on, and where each is remembered to be closed.
record Ground(
        Vertx vertx,
        Database database,
        Config config,
        InstantSource clock,
        Uuid7 ids,
        Secrets secrets,
        Audit audit,
        Deque<AutoCloseable> opened) {
    static Ground of(
            Vertx vertx,
            Database database,
            Config config,
            InstantSource clock,
            Deque<AutoCloseable> opened) {
        Uuid7 ids = new Uuid7(clock);
        Secrets secrets = Secrets.of(config, database);
        var _ = database.sealTexts(secrets.texts());
        Audit audit = new Audit(database, secrets.names(), ids, config.region());
        audit.begin(clock.instant());
        return new Ground(vertx, database, config, clock, ids, secrets, audit, opened);
    }

    /// The part itself, remembered to be closed: what is opened last closes first.
    <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    /// Whether clients reach the service by https.
    boolean isSecure() {
        return "https".equals(config.publicUrl().getScheme());
    }
}
