package org.yifang;

import org.yifang.identity.client.Identity;
import org.yifang.identity.client.SigningKeys;
import org.yifang.identity.person.People;
import org.yifang.identity.seal.BlindIndexes;
import org.yifang.prescription.slip.SlipOwners;

/// Who calls: programs by their tokens, people by their sessions.
record Callers(SigningKeys keys, People people, Identity identity) {
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
                                () -> callers.readAgain(indexes),
                                table -> callers.changed(table, indexes)));
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
    private void readAgain(BlindIndexes indexes) {
        changed("signing_key", indexes);
        changed("blind_index_key", indexes);
    }

    /// Another instance, or an operator, has changed a table that callers are known by.
    private void changed(String table, BlindIndexes indexes) {
        if (table.equals("signing_key")) {
            Thread.startVirtualThread(keys::reload);
        }
        if (table.equals("blind_index_key")) {
            Thread.startVirtualThread(indexes::reload);
        }
        identity.forget();
        people.forget();
    }
}
