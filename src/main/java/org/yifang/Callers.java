package org.yifang;

import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.identity.client.Identity;
import org.yifang.identity.client.SigningKeys;
import org.yifang.identity.person.People;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.prescription.slip.SlipOwners;

/// Who calls: programs by their tokens, people by their sessions.
record Callers(SigningKeys keys, People people, Identity identity) {
    private static final Logger LOG = LoggerFactory.getLogger(Callers.class);
    private static final int TRIES = 5;
    private static final long PAUSE_MILLIS = 2_000;

    static Callers open(Ground ground, Registered registered) {
        SigningKeys keys =
                SigningKeys.load(ground.database(), ground.secrets().seal(), ground.clock());
        People people = ground.opened(people(ground));
        Identity identity =
                ground.opened(
                        new Identity(
                                ground.vertx(),
                                ground.database(),
                                keys,
                                Identity.Options.of(ground.config()),
                                registered.patients()::named,
                                ground.secrets().fixed(),
                                new SlipOwners(ground.database(), registered.patients()),
                                ground.audit(),
                                ground.clock(),
                                ground.ids(),
                                people::caller));
        Callers callers = new Callers(keys, people, identity);
        BlindIndexes indexes = registered.indexes();
        ground.opened(
                ground.database()
                        .listen(
                                "identity",
                                () -> callers.readAgain(ground.vertx(), indexes),
                                table -> callers.changed(table, ground.vertx(), indexes)));
        return callers;
    }

    private static People people(Ground ground) {
        return new People(
                ground.vertx(),
                ground.database(),
                ground.secrets().seal(),
                ground.audit(),
                ground.clock(),
                ground.config().publicUrl(),
                ground.config().demonstration(),
                ground.config().operating().openId());
    }

    /// Whatever was changed while nobody could be heard.
    private void readAgain(Vertx vertx, BlindIndexes indexes) {
        changed("signing_key", vertx, indexes);
        changed("blind_index_key", vertx, indexes);
    }

    /// Another instance, or an operator, has changed a table that callers are known by.
    private void changed(String table, Vertx vertx, BlindIndexes indexes) {
        if (table.equals("signing_key") || table.equals("blind_index_key")) {
            Thread.startVirtualThread(() -> read(table, vertx, indexes));
        }
        identity.forget();
        people.forget();
    }

    /// Nobody tells of this change again. What lasts longer than these tries breaks the connection
    /// by which changes are heard, too, and whoever is heard again has everything read.
    private void read(String table, Vertx vertx, BlindIndexes indexes) {
        for (int tried = 1; tried <= TRIES; tried++) {
            try {
                if (tried > 1) {
                    vertx.timer(PAUSE_MILLIS).await();
                }
                if (table.equals("signing_key")) {
                    keys.reload();
                } else {
                    indexes.reload();
                }
                return;
            } catch (Exception failure) {
                LOG.warn(
                        "{} was not read again ({} of {}): {}",
                        table,
                        tried,
                        TRIES,
                        failure.toString());
            }
        }
    }
}
