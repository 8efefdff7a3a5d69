package org.yifang;

import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.client.ClientStore;
import org.yifang.identity.signature.BundleSignature;
import org.yifang.identity.signature.TrustAnchors;
import org.yifang.notify.Events;
import org.yifang.notify.deliver.Subscriptions;
import org.yifang.platform.config.Config;
import org.yifang.prescription.ComparableViews;
import org.yifang.prescription.Notices;
import org.yifang.prescription.Prescriptions;
import org.yifang.prescription.life.MomentListener;
import org.yifang.prescription.life.SightViews;
import org.yifang.prescription.review.Waiting;
import org.yifang.prescription.submit.DocumentSignatures;
import org.yifang.price.Prices;
import org.yifang.queue.Queues;

import java.io.IOException;
import java.nio.file.Path;

/// Queues, events, prices and prescriptions, in the order in which they know each other.
record Domains(
        Queues queues,
        Events events,
        Subscriptions subscriptions,
        Prices prices,
        Prescriptions prescriptions) {
    /// Opens and mounts them; the prescriptions are still to be remembered for closing.
    static Domains open(
            Ground ground,
            Registered registered,
            Callers callers,
            Validation validation,
            FhirRouter fhir) {
        Queues queues = ground.opened(queues(ground, registered));
        MomentListener moments =
                new Waiting(queues.moments(), registered.organizations())
                        .andThen(new Notices(registered.organizations()));
        Events events =
                ground.opened(new Events(ground.vertx(), ground.database(), ground.clock()));
        Subscriptions subscriptions = ground.opened(subscriptions(ground, callers, events, fhir));
        subscriptions.mount(fhir);
        Prices prices = ground.opened(prices(ground, registered, queues));
        if (ground.config().demonstration()) {
            prices.demonstrate();
        }
        prices.mount(fhir);
        queues.histories().register(prices.history());
        queues.register(prices.measure());
        Prescriptions prescriptions =
                prescriptions(ground, registered, callers, validation, prices, moments);
        prescriptions.mount(fhir);
        queues.mount(fhir);
        return new Domains(queues, events, subscriptions, prices, prescriptions);
    }

    private static Subscriptions subscriptions(
            Ground ground, Callers callers, Events events, FhirRouter fhir) {
        return new Subscriptions(
                ground.vertx(),
                ground.database(),
                ground.config(),
                ground.clock(),
                ground.ids(),
                ground.secrets().seal(),
                ground.audit(),
                callers.identity(),
                events,
                fhir);
    }

    private static Queues queues(Ground ground, Registered registered) {
        return new Queues(
                ground.vertx(),
                ground.database(),
                ground.clock(),
                ground.ids(),
                ground.config().region(),
                ground.audit(),
                registered.organizations(),
                SightViews::patientsOf);
    }

    private static Prices prices(Ground ground, Registered registered, Queues queues) {
        return new Prices(
                ground.vertx(),
                ground.database(),
                ground.config(),
                ground.clock(),
                ground.ids(),
                registered.catalogue(),
                registered.organizations(),
                new ComparableViews(ground.database(), registered.catalogue()),
                queues.views(),
                queues.plans());
    }

    private static Prescriptions prescriptions(
            Ground ground,
            Registered registered,
            Callers callers,
            Validation validation,
            Prices prices,
            MomentListener moments) {
        return new Prescriptions(
                ground.vertx(),
                ground.database(),
                ground.config(),
                ground.clock(),
                ground.ids(),
                ground.secrets().seal(),
                registered.indexes(),
                ground.secrets().fixed(),
                callers.keys(),
                new DocumentSignatures(
                        new BundleSignature(anchors(ground.config())),
                        new ClientStore(ground.database()),
                        registered.organizations()),
                validation,
                registered.catalogue(),
                registered.organizations(),
                registered.patients(),
                registered.practitioners(),
                prices,
                ground.audit(),
                moments);
    }

    private static TrustAnchors anchors(Config config) {
        Path file = config.trustAnchors();
        try {
            if (file == null) {
                return config.demonstration() ? TrustAnchors.demonstration() : TrustAnchors.none();
            }
            return TrustAnchors.of(file, config.revocationLists());
        } catch (IOException | IllegalArgumentException failure) {
            throw new Config.Invalid(
                    "YIFANG_TRUST_ANCHORS cannot be used: " + failure.getMessage());
        }
    }
}
