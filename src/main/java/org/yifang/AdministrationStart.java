package org.yifang;

import org.yifang.admin.Administration;
import org.yifang.audit.AuditLog;
import org.yifang.audit.event.Audit;
import org.yifang.export.Export;
import org.yifang.identity.client.SigningKeys;
import org.yifang.identity.client.SigningRotation;
import org.yifang.identity.person.People;
import org.yifang.identity.seal.IndexRotation;
import org.yifang.identity.seal.KeptSecretStore;
import org.yifang.identity.seal.Seal;
import org.yifang.identity.seal.SealingRotation;
import org.yifang.notify.subscription.SubscriptionStore;
import org.yifang.platform.Job;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.operate.Readiness;
import org.yifang.prescription.Prescriptions;
import org.yifang.prescription.read.ErasureViews;
import org.yifang.price.Prices;
import org.yifang.registry.ErasePatient;
import org.yifang.registry.Retention;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Starts the administration, with the jobs that an operator may start.
final class AdministrationStart {
    static Administration start(
            Ground ground,
            Registered registered,
            Callers callers,
            Domains domains,
            AuditLog log,
            Readiness readiness) {
        return new Administration(
                ground.vertx(),
                ground.database(),
                ground.config(),
                ground.clock(),
                ground.ids(),
                callers.identity(),
                callers.people(),
                registered.organizations(),
                ground.secrets().seal(),
                ground.audit(),
                domains.prices().feeds(),
                domains.subscriptions().standing(),
                registered.patients(),
                jobs(ground, registered, callers, domains.prescriptions(), log),
                readiness,
                App.VERSION);
    }

    /// The work that takes long and that an operator may start.
    private static List<Job> jobs(
            Ground ground,
            Registered registered,
            Callers callers,
            Prescriptions prescriptions,
            AuditLog log) {
        Seal seal = ground.secrets().seal();
        ErasePatient erasing =
                new ErasePatient(
                        ground.database(),
                        seal,
                        ground.audit(),
                        ground.clock(),
                        ErasureViews::against);
        return List.of(
                new SigningRotation(callers.keys()),
                log.rotation(),
                sealing(ground.database(), seal, registered),
                new IndexRotation(
                        ground.database(),
                        ground.secrets().masterKeys(),
                        registered.indexes(),
                        Stream.concat(
                                        registered.patients().indexed().stream(),
                                        Stream.of(prescriptions.indexed()))
                                .toList(),
                        ground.clock()),
                erasing,
                new Retention(
                        ground.database(), erasing, ground.clock(), ErasureViews::quietSince));
    }

    /// All that is sealed under the master key.
    private static SealingRotation sealing(Database database, Seal seal, Registered registered) {
        UnaryOperator<byte[]> told = sealed -> seal.reseal(sealed, Secrets.AUDIT);
        List<SealedColumn> others = new ArrayList<>();
        others.add(KeptSecretStore.sealed());
        others.add(SigningKeys.sealed());
        others.add(AuditLog.sealedKeys(Secrets.AUDIT));
        others.addAll(People.sealed());
        others.addAll(Prices.sealed());
        others.addAll(Export.sealed(Secrets.EXPORT));
        others.add(Administration.sealed());
        others.addAll(SubscriptionStore.sealed());
        return new SealingRotation(
                database,
                seal,
                List.of(
                        registered.patients().sealedKeys(),
                        new SealingRotation.Sealed(Audit.sealedNames(), told),
                        new SealingRotation.Sealed(Audit.sealedTexts(), told)),
                others);
    }

    private AdministrationStart() {}
}
