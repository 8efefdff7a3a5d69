package org.yifang.notify.subscription;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.identity.person.SignedIn;
import org.yifang.notify.subscription.Notification.NotifiedEvent;
import org.yifang.notify.subscription.Subscription.Content;
import org.yifang.notify.subscription.Subscription.Owner;
import org.yifang.notify.subscription.Subscription.Request;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// `Subscription`: create, update, delete, `$rotate-secret`, `$status`, `$events`, `$redeliver`,
/// each by its owner.
public final class SubscriptionRoutes {
    private static final String TYPE = "Subscription";
    private static final String DEFINITION = "https://yifang.org/fhir/OperationDefinition/";

    private final Database database;
    private final SubscriptionDesk desk;
    private final SubscriptionStore store;
    private final EventStore events;
    private final LaneStore lanes;
    private final Telling telling;
    private final Endpoints endpoints;
    private final String base;

    public SubscriptionRoutes(
            Database database,
            SubscriptionDesk desk,
            SubscriptionStore store,
            Telling telling,
            Endpoints endpoints,
            String base) {
        this.database = database;
        this.desk = desk;
        this.store = store;
        this.events = new EventStore(database);
        this.lanes = new LaneStore(database);
        this.telling = telling;
        this.endpoints = endpoints;
        this.base = base;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(SubscriptionViews.stored(database.texts()));
        fhir.mount(ours(Operation.create(TYPE)).handler(this::create));
        fhir.mount(ours(Operation.update(TYPE)).patched().handler(this::update));
        fhir.mount(ours(Operation.delete(TYPE)).handler(this::delete));
        fhir.mount(ours(Operation.instance("rotate-secret", TYPE)).handler(this::rotate));
        fhir.mount(ours(Operation.instance("redeliver", TYPE)).handler(this::redeliver));
        fhir.mount(
                ours(Operation.instance("status", TYPE))
                        .reads()
                        .definition(DEFINITION + "subscription-status")
                        .handler(this::status));
        fhir.mount(
                ours(Operation.instance("events", TYPE))
                        .reads()
                        .definition(DEFINITION + "subscription-events")
                        .handler(this::events));
        fhir.topics(SubscriptionTopics.canonicals(), Backport.PROFILE);
    }

    private static Operation ours(Operation operation) {
        return operation.roles(Role.HOSPITAL, Role.REVIEWER, Role.PHARMACY, Role.PATIENT);
    }

    private Answer create(Exchange exchange) {
        Caller caller = owner(exchange);
        var sent = exchange.resource(org.hl7.fhir.r4.model.Subscription.class);
        SubscriptionReader.requireRequested(sent);
        Request request = read(exchange, sent);
        SubscriptionDesk.Shown made = desk.create(caller, request, exchange.now());
        exchange.audited();
        return answer(made.subscription(), made.secret())
                .withStatus(201)
                .withLocation(TYPE + '/' + made.subscription().id());
    }

    private Answer update(Exchange exchange) {
        Caller caller = owner(exchange);
        UUID id = exchange.id();
        long version = exchange.requiredVersion();
        var sent = exchange.resource(org.hl7.fhir.r4.model.Subscription.class);
        String stated = sent.getIdElement().getIdPart();
        if (stated != null && !stated.equals(id.toString())) {
            throw new Problem(
                    ProblemCode.NOT_FHIR,
                    "The id of the resource is not that of the address.",
                    "Send `" + id + "`, or no id.");
        }
        own(exchange);
        Request request = read(exchange, sent);
        boolean off = SubscriptionReader.isOff(sent);
        Subscription next = desk.update(caller, id, version, request, off, exchange.now());
        exchange.audited();
        return answer(next, null);
    }

    private Answer delete(Exchange exchange) {
        desk.delete(owner(exchange), exchange.id(), exchange.ifMatch());
        exchange.audited();
        return Answer.nothing(204);
    }

    private Answer rotate(Exchange exchange) {
        exchange.inputs().done();
        SubscriptionDesk.Shown rotated =
                desk.rotate(owner(exchange), exchange.id(), exchange.ifMatch(), exchange.now());
        exchange.audited();
        return answer(rotated.subscription(), rotated.secret());
    }

    private Answer redeliver(Exchange exchange) {
        Inputs inputs = exchange.inputs();
        Range range = range(inputs);
        inputs.done();
        int redelivered =
                desk.redeliver(
                        owner(exchange),
                        exchange.id(),
                        exchange.ifMatch(),
                        range.first(),
                        range.last(),
                        exchange.now());
        exchange.audited();
        return Answer.ok(FhirWriter.parameters(all -> all.integer("redelivered", redelivered)));
    }

    private Answer status(Exchange exchange) {
        exchange.inputs().doneLeniently();
        Subscription one = own(exchange);
        long last = lanes.lane(one.id()).last();
        var notification =
                new Notification(
                        base, one, Notification.Type.STATUS, last, List.of(), exchange.now());
        EventStore.Standing standing = events.standing(one.id());
        UUID id = UUID.randomUUID();
        byte[] status = notification.status(id, standing(one, standing));
        return Answer.ok(
                FhirWriter.resource(
                        "Bundle",
                        json -> {
                            json.string("id", UUID.randomUUID().toString());
                            json.string("type", "searchset").number("total", 1);
                            json.list(
                                    "entry",
                                    all ->
                                            all.element(entry ->
                                                    entry.string("fullUrl", "urn:uuid:" + id)
                                                            .raw("resource", status)
                                                            .object(
                                                                    "search",
                                                                    to ->
                                                                            to.string(
                                                                                    "mode",
                                                                                    "match"))));
                        }));
    }

    private static @Nullable String standing(Subscription one, EventStore.Standing standing) {
        if (standing.parked() == 0 && one.error() == null) {
            return null;
        }
        return (one.error() == null ? "" : one.error() + "; ")
                + standing.waiting()
                + " events wait, "
                + standing.parked()
                + " are parked";
    }

    private Answer events(Exchange exchange) {
        Inputs inputs = exchange.inputs();
        Range range = range(inputs);
        String content = inputs.findCode("content");
        Boolean parked = inputs.findFlag("parked");
        Content asked = content == null ? null : Content.find(content);
        if (content != null && asked == null) {
            inputs.refuse(
                    "content",
                    "There is no content `" + content + "`.",
                    "Send `empty`, `id-only` or `full-resource`.");
        }
        inputs.doneLeniently();
        Subscription one = own(exchange);
        Content holding = asked == null ? one.request().content() : asked;
        List<EventStore.Event> found =
                events.between(
                        one.id(),
                        range.first(),
                        range.last(),
                        Boolean.TRUE.equals(parked),
                        holding == Content.FULL_RESOURCE
                                ? SubscriptionLimits.FULL_EVENTS_MOST
                                : SubscriptionLimits.EVENTS_MOST);
        List<NotifiedEvent> told = telling.of(found, holding, exchange.caller());
        long last = lanes.lane(one.id()).last();
        return Answer.ok(
                        new Notification(
                                        base,
                                        one,
                                        Notification.Type.ASKED,
                                        last,
                                        told,
                                        exchange.now())
                                .json())
                .touching(List.of(), found.stream().map(EventStore.Event::focus).toList());
    }

    /// Numbers of events, both included.
    private record Range(long first, long last) {}

    private static Range range(Inputs inputs) {
        return new Range(
                number(inputs, "eventsSinceNumber", 1),
                number(inputs, "eventsUntilNumber", Long.MAX_VALUE));
    }

    /// The backport sends a number as a text, since R4 has none so large.
    private static long number(Inputs inputs, String name, long absent) {
        String text = inputs.findCode(name);
        if (text == null) {
            return absent;
        }
        if (!text.matches("\\d{1,18}")) {
            inputs.refuse(name, "`" + text + "` is no number.", "Send the number of an event.");
            return absent;
        }
        return Long.parseLong(text);
    }

    private static Caller owner(Exchange exchange) {
        Caller caller = exchange.caller();
        SubscriptionReader.requireOwner(
                caller, caller.clientId().startsWith(SignedIn.CLIENT_PREFIX));
        return caller;
    }

    private Subscription own(Exchange exchange) {
        Owner owner = Owner.of(owner(exchange));
        return store.find(exchange.id())
                .filter(one -> one.owner().clientId().equals(owner.clientId()))
                .filter(one -> java.util.Objects.equals(one.owner().patientId(), owner.patientId()))
                .orElseThrow(() -> Outcomes.notFound());
    }

    private Request read(Exchange exchange, org.hl7.fhir.r4.model.Subscription sent) {
        return new SubscriptionReader(exchange.caller(), base, endpoints)
                .read(sent, exchange.now());
    }

    private Answer answer(Subscription one, @Nullable String secret) {
        Instant updated = one.updatedAt();
        return Answer.ok(SubscriptionFhir.json(one, secret)).withVersion(one.version(), updated);
    }
}
