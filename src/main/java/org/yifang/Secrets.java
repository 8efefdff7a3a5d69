package org.yifang;

import org.yifang.audit.event.NameSeal;
import org.yifang.identity.seal.BlindIndex;
import org.yifang.identity.seal.KeptSecretStore;
import org.yifang.identity.seal.MasterKeyStore;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.identity.seal.SealBroken;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.TextSeal;

import java.io.IOException;

/// What seals and finds personal data, by the keys of the key file.
///
/// @param kept the deployment's own secret, out of the database
record Secrets(MasterKeys masterKeys, byte[] kept, Seal seal, NameSeal names) {
    /// What names in the audit log and its keys are sealed for.
    static final String AUDIT = "audit";

    /// What the keys of exports are sealed for.
    static final String EXPORT = "export";

    static Secrets of(Config config, Database database) {
        MasterKeys masterKeys = masterKeys(config);
        byte[] kept = kept(database, masterKeys);
        MasterKeyStore.register(database, masterKeys);
        Seal seal = new Seal(masterKeys, kept);
        return new Secrets(masterKeys, kept, seal, names(seal));
    }

    /// 32 bytes for one purpose, the same in every instance of a deployment.
    byte[] derived(String purpose) {
        return MasterKeys.derivedFrom(kept, purpose);
    }

    /// Keyed hashes that stay what they are when the keys of the blind indexes are replaced, of
    /// what is never looked for in a table.
    BlindIndex fixed() {
        return new BlindIndex(kept);
    }

    private static byte[] kept(Database database, MasterKeys masterKeys) {
        try {
            return KeptSecretStore.open(database, masterKeys);
        } catch (SealBroken failure) {
            throw new Config.Invalid(
                    "The master keys do not open this database: " + failure.getMessage());
        }
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
                plain -> seal.seal(plain, AUDIT),
                sealed -> seal.open(sealed, AUDIT),
                event -> seal.vouch("AuditEvent", event));
    }
}
