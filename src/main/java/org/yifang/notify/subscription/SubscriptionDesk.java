package org.yifang.notify.subscription;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.notify.subscription.Subscription.Owner;
import org.yifang.notify.subscription.Subscription.Request;
import org.yifang.notify.subscription.Subscription.Status;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// Changes Subscriptions, each time in one transaction with its audit event.
public final class SubscriptionDesk {
    /// What the database tells its own instance after a change, see [Tx#afterCommit].
    public static final String CHANGED = "subscription changed";

    /// How long the secret before the last rotation is signed with too.
    private static final Duration OVERLAP = Duration.ofHours(24);

    private final Database database;
    private final SubscriptionStore store;
    private final WebhookSecrets secrets;
    private final Audit audit;
    private final Uuid7 ids;

    /// A Subscription and its secret, which is shown this once.
    record Shown(Subscription subscription, String secret) {}

    public SubscriptionDesk(
            Database database,
            SubscriptionStore store,
            WebhookSecrets secrets,
            Audit audit,
            Uuid7 ids) {
        this.database = database;
        this.store = store;
        this.secrets = secrets;
        this.audit = audit;
        this.ids = ids;
    }

    Shown create(Caller caller, Request request, Instant now) {
        String secret = secrets.fresh();
        Owner owner = Owner.of(caller);
        Subscription made =
                new Subscription(
                        ids.get(),
                        owner,
                        Status.REQUESTED,
                        request,
                        secrets.sealed(secret),
                        null,
                        null,
                        false,
                        null,
                        1,
                        now,
                        now);
        database.inTransaction(tx -> {
            int most =
                    owner.patientId() == null
                            ? SubscriptionLimits.OF_CLIENT
                            : SubscriptionLimits.OF_PATIENT;
            if (store.countOf(tx, owner) >= most) {
                throw new Problem(
                        ProblemCode.SUBSCRIPTIONS_MOST,
                        "You have " + most + " Subscriptions already.",
                        "Change or delete one of them.");
            }
            store.add(tx, made);
            LaneStore.add(tx, made.id(), receiver(made), now);
            audit(tx, caller, "create", "Subscription", 'C', made, told(null, made));
            tx.afterCommit(CHANGED);
            return null;
        });
        return new Shown(made, secret);
    }

    /// @param off whether nothing is to be told any more
    /// @throws Problem 404 when there is none of this caller, 412 when it has changed meanwhile
    Subscription update(
            Caller caller, UUID id, long version, Request request, boolean off, Instant now) {
        return database.inTransaction(tx -> {
            Subscription before = lock(tx, caller, id, version);
            boolean moved = !request.endpoint().equals(before.request().endpoint());
            boolean anew = moved || before.status() == Status.OFF || !before.shaken();
            Status status = off ? Status.OFF : anew ? Status.REQUESTED : before.status();
            boolean shaken = before.shaken() && !moved && before.status() != Status.OFF;
            Subscription next =
                    before.changed(request, now)
                            .with(status, shaken && !off, anew ? null : before.error());
            store.replace(tx, next);
            LaneStore.again(tx, id, receiver(next), now);
            audit(tx, caller, "update", "Subscription", 'U', next, told(before, next));
            tx.afterCommit(CHANGED);
            return next;
        });
    }

    void delete(Caller caller, UUID id, @Nullable Long version) {
        database.inTransaction(tx -> {
            Subscription before = lock(tx, caller, id, version);
            store.remove(tx, id);
            audit(tx, caller, "delete", "Subscription", 'D', before, null);
            return null;
        });
    }

    Shown rotate(Caller caller, UUID id, @Nullable Long version, Instant now) {
        String secret = secrets.fresh();
        Subscription rotated =
                database.inTransaction(tx -> {
                    Subscription before = lock(tx, caller, id, version);
                    Subscription next =
                            new Subscription(
                                    id,
                                    before.owner(),
                                    before.status(),
                                    before.request(),
                                    secrets.sealed(secret),
                                    before.secret(),
                                    now.plus(OVERLAP),
                                    before.shaken(),
                                    before.error(),
                                    before.version() + 1,
                                    before.createdAt(),
                                    now);
                    store.replace(tx, next);
                    audit(tx, caller, "operation", "rotate-secret", 'U', next, null);
                    return next;
                });
        return new Shown(rotated, secret);
    }

    /// Has what is parked told again.
    ///
    /// @return how many events
    int redeliver(
            Caller caller, UUID id, @Nullable Long version, long first, long last, Instant now) {
        return database.inTransaction(tx -> {
            Subscription of = lock(tx, caller, id, version);
            int events = EventStore.redeliver(tx, id, first, last, now);
            LaneStore.again(tx, id, receiver(of), now);
            audit(tx, caller, "operation", "redeliver", 'E', of, "redelivered " + events);
            tx.afterCommit(CHANGED);
            return events;
        });
    }

    private Subscription lock(Tx tx, Caller caller, UUID id, @Nullable Long version) {
        Subscription found =
                store.lock(tx, id, Owner.of(caller)).orElseThrow(() -> Outcomes.notFound());
        if (version != null && found.version() != version) {
            throw new Problem(
                    ProblemCode.VERSION_MISMATCH,
                    "It has version " + found.version() + " now.",
                    "Read it again and decide anew.");
        }
        return found;
    }

    /// Client and origin of the address.
    private static String receiver(Subscription of) {
        return of.owner().clientId() + ' ' + origin(of.request().endpoint());
    }

    /// Scheme, host and port of an address: its path may hold what is nobody else's business.
    static String origin(String address) {
        URI uri = URI.create(address);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    private static @Nullable String told(@Nullable Subscription before, Subscription after) {
        String then = brief(after);
        String was = before == null ? "" : brief(before);
        return Objects.equals(was, then) ? null : was + " -> " + then;
    }

    private static String brief(Subscription one) {
        return one.request().topic().code()
                + ' '
                + origin(one.request().endpoint())
                + ' '
                + one.request().content().code()
                + (one.status() == Status.OFF ? " off" : "");
    }

    private void audit(
            Tx tx,
            Caller caller,
            String interaction,
            String name,
            char act,
            Subscription one,
            @Nullable String change) {
        UUID patient = one.owner().patientId();
        audit.append(
                tx,
                new Access(
                        caller,
                        caller.address(),
                        caller.requestId(),
                        interaction,
                        name,
                        act,
                        null,
                        patient == null ? List.of() : List.of(patient),
                        List.of(),
                        List.of("Subscription/" + one.id()),
                        change,
                        null));
    }
}
