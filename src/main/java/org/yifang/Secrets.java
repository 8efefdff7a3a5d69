package org.yifang;

import org.yifang.audit.event.NameSeal;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.TextSeal;

import java.io.IOException;

/// What seals and finds personal data, by the keys of the key file.
record Secrets(MasterKeys masterKeys, Seal seal, BlindIndex index, NameSeal names) {
    static Secrets of(Config config) {
        MasterKeys masterKeys = masterKeys(config);
        Seal seal = new Seal(masterKeys);
        return new Secrets(masterKeys, seal, new BlindIndex(masterKeys), names(seal));
    }

    private static MasterKeys masterKeys(Config config) {
        try {
            return MasterKeys.of(config.masterKey(), config.data());
        } catch (IOException | IllegalArgumentException failure) {
            throw new Config.Invalid("The key file cannot be used: " + failure.getMessage());
        }
    }

    /// Seals what people say in their own words.
    TextSeal texts() {
        return new TextSeal(plain -> seal.seal(plain, "text"), sealed -> seal.open(sealed, "text"));
    }

    /// Seals names in the audit log, and the keys that sign it.
    private static NameSeal names(Seal seal) {
        return new NameSeal(
                plain -> seal.seal(plain, "audit"),
                sealed -> seal.open(sealed, "audit"),
                event -> seal.vouch("AuditEvent", event));
    }
}
