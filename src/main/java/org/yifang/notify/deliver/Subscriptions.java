package org.yifang.notify.deliver;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.identity.client.Identity;
import org.yifang.identity.seal.Seal;
import org.yifang.notify.Events;
import org.yifang.notify.OutboxStore;
import org.yifang.notify.subscription.Endpoints;
import org.yifang.notify.subscription.EventStore;
import org.yifang.notify.subscription.LaneStore;
import org.yifang.notify.subscription.Owners;
import org.yifang.notify.subscription.StandingViews;
import org.yifang.notify.subscription.SubscriptionDesk;
import org.yifang.notify.subscription.SubscriptionRoutes;
import org.yifang.notify.subscription.SubscriptionStore;
import org.yifang.notify.subscription.Telling;
import org.yifang.notify.subscription.WebhookSecrets;
import org.yifang.platform.Limits;
import org.yifang.platform.Uuid7;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.operate.Readiness;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;

/// Subscriptions and their telling, built once.
public final class Subscriptions implements Readiness.Check, AutoCloseable {
    private static final int NAMES_AT_ONCE = 16;

    private final SubscriptionRoutes routes;
    private final Dispatcher dispatcher;
    private final Receivers receivers;
    private final Meters meters = new Meters();
    private final StandingViews standing;
    private final WorkerExecutor looking;
    private final Runnable unlisten;

    public Subscriptions(
            Vertx vertx,
            Database database,
            Config config,
            InstantSource clock,
            Uuid7 ids,
            Seal seal,
            Audit audit,
            Identity identity,
            Events events,
            FhirRouter fhir) {
        looking = vertx.createSharedWorkerExecutor("yifang-names", NAMES_AT_ONCE);
        SubscriptionStore store = new SubscriptionStore(database, config.region());
        WebhookSecrets secrets = new WebhookSecrets(seal);
        Telling telling = new Telling(new OutboxStore(database), fhir.inside());
        Owners owners = new Owners(identity);
        routes =
                new SubscriptionRoutes(
                        database,
                        new SubscriptionDesk(database, store, secrets, audit, ids),
                        store,
                        telling,
                        new Endpoints(config.outbound(), looking),
                        fhir.base());
        receivers = new Receivers(vertx, config.outbound(), InetAddress::getAllByName, looking);
        standing = new StandingViews(database);
        dispatcher =
                new Dispatcher(
                        vertx,
                        new FanOut(database, store, owners, clock),
                        new Telegraph(
                                store,
                                new EventStore(database),
                                new LaneStore(database),
                                owners,
                                telling,
                                secrets,
                                receivers,
                                new Backoff(new SecureRandom()),
                                meters,
                                clock,
                                fhir.base()),
                        standing,
                        ids.get());
        events.whenNumbered(dispatcher::wake);
        unlisten = database.committed().listen(SubscriptionDesk.CHANGED, dispatcher::wake);
    }

    public void mount(FhirRouter fhir) {
        routes.mount(fhir);
    }

    /// Begins to tell, once everything that events are about is mounted.
    public void begin() {
        dispatcher.begin();
    }

    /// Shows how the telling goes.
    public void watch(Readiness readiness) {
        readiness.watch("subscriptions", this);
        meters.bindTo(readiness.measures());
    }

    /// How the receivers stand.
    public StandingViews standing() {
        return standing;
    }

    @Override
    public @Nullable String unwell() {
        double late = meters.measured().lateSeconds();
        return late > Limits.OUTBOX_BEHIND.toSeconds()
                ? "events are told to receivers %.0f s late".formatted(late)
                : null;
    }

    @Override
    public boolean isNeeded() {
        return false;
    }

    @Override
    public void close() {
        unlisten.run();
        dispatcher.close();
        receivers.close();
        var _ = looking.close();
    }
}
