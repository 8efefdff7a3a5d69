package org.yifang;

import org.yifang.admin.Administration;
import org.yifang.audit.event.Audit;
import org.yifang.identity.client.SigningRotation;
import org.yifang.identity.seal.Seal;
import org.yifang.identity.seal.SealingRotation;
import org.yifang.platform.Job;
import org.yifang.prescription.read.ErasureViews;
import org.yifang.price.feed.FeedDesk;
import org.yifang.registry.ErasePatient;
import org.yifang.registry.Retention;

import java.util.List;

/// Starts the administration, with the jobs that an operator may start.
final class AdministrationStart {
    static Administration start(
            Ground ground, Registered registered, Callers callers, FeedDesk feeds) {
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
                feeds,
                registered.patients(),
                jobs(ground, registered, callers),
                App.VERSION);
    }

    /// The work that takes long and that an operator may start.
    private static List<Job> jobs(Ground ground, Registered registered, Callers callers) {
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
                new SealingRotation(
                        ground.database(),
                        seal,
                        List.of(
                                registered.patients().sealedKeys(),
                                new SealingRotation.Sealed(
                                        Audit.sealedNames(),
                                        sealed -> seal.reseal(sealed, "audit")),
                                new SealingRotation.Sealed(
                                        Audit.sealedTexts(),
                                        sealed -> seal.reseal(sealed, "audit")))),
                erasing,
                new Retention(
                        ground.database(), erasing, ground.clock(), ErasureViews::quietSince));
    }

    private AdministrationStart() {}
}
