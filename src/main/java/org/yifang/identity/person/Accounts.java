package org.yifang.identity.person;

import java.util.List;

/// Makes the next version of an account: pure.
public final class Accounts {
    /// With another password; whoever was locked behind the old one starts anew.
    public static Account withPassword(Account one, String hash, boolean once) {
        return new Account(
                one.login(),
                one.region(),
                one.name(),
                one.staff(),
                one.role(),
                one.organizationId(),
                one.organization(),
                one.reviewsFor(),
                one.manager(),
                hash,
                once,
                one.totpSealed(),
                one.totpStep(),
                one.recoveryHashes(),
                one.subject(),
                one.active(),
                one.demonstration(),
                one.version());
    }

    /// With a second factor, its last step used and the recovery codes that are left.
    public static Account withFactor(
            Account one,
            byte @org.jspecify.annotations.Nullable [] sealed,
            long step,
            List<String> recoveryHashes) {
        return new Account(
                one.login(),
                one.region(),
                one.name(),
                one.staff(),
                one.role(),
                one.organizationId(),
                one.organization(),
                one.reviewsFor(),
                one.manager(),
                one.passwordHash(),
                one.passwordOnce(),
                sealed,
                step,
                recoveryHashes,
                one.subject(),
                one.active(),
                one.demonstration(),
                one.version());
    }

    /// Tied to somebody at the OpenID provider: the password that was given out is none any more.
    static Account withSubject(Account one, String subject) {
        return new Account(
                one.login(),
                one.region(),
                one.name(),
                one.staff(),
                one.role(),
                one.organizationId(),
                one.organization(),
                one.reviewsFor(),
                one.manager(),
                null,
                false,
                one.totpSealed(),
                one.totpStep(),
                one.recoveryHashes(),
                subject,
                one.active(),
                one.demonstration(),
                one.version());
    }

    /// The person without a session, for what happens while signing in.
    static SignedIn signedIn(Account one) {
        return new SignedIn(
                "",
                one.login(),
                one.name(),
                one.staff(),
                one.role(),
                one.organizationId(),
                one.organization(),
                one.reviewsFor(),
                one.manager(),
                "");
    }

    private Accounts() {}
}
