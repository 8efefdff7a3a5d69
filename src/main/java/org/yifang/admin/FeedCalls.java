package org.yifang.admin;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Audit;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.price.feed.FeedDesk;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// The calls of `/admin/feeds`: where pharmacies lay out their prices to be fetched.
final class FeedCalls {
    private static final String FEEDS = "/admin/feeds";
    private static final String FEED = FEEDS + "/{pharmacy}";

    /// A county's pharmacies, a hundred times over.
    private static final int MOST = 1_000;

    private final FeedDesk desk;
    private final Organizations organizations;
    private final Audit audit;
    private final InstantSource clock;

    FeedCalls(FeedDesk desk, Organizations organizations, Audit audit, InstantSource clock) {
        this.desk = desk;
        this.organizations = organizations;
        this.audit = audit;
        this.clock = clock;
    }

    List<Call> all() {
        return List.of(
                Call.get(
                                FEEDS,
                                "ChargeItemDefinition.s",
                                "Shows the price feeds, those that fail first.",
                                this::list)
                        .forManagers(),
                Call.get(FEED, "ChargeItemDefinition.r", "Shows a price feed.", this::show)
                        .forManagers(),
                Call.put(
                                FEED,
                                "ChargeItemDefinition.c",
                                "Says where a pharmacy's prices lie; they are fetched from now on.",
                                this::set)
                        .forManagers()
                        .taking(Set.of("url", "everyMinutes")),
                Call.delete(
                                FEED,
                                "ChargeItemDefinition.c",
                                "Fetches a pharmacy's prices no more.",
                                this::remove)
                        .forManagers());
    }

    private JsonObject list(RoutingContext http, Administrator who, Body body) {
        return AdminHttp.list(
                desk.list(MOST).stream()
                        .map(one -> json(number(one), one))
                        .filter(one ->
                                who.operator()
                                        || who.caller()
                                                .organization()
                                                .equals(one.getString("pharmacy")))
                        .toList());
    }

    private String number(FeedDesk.Feed feed) {
        return organizations.byId(feed.pharmacyId()).map(Organization::number).orElse("");
    }

    private JsonObject show(RoutingContext http, Administrator who, Body body) {
        Organization pharmacy = pharmacy(http, who);
        return json(pharmacy.number(), desk.find(pharmacy.id()).orElseThrow(Outcomes::notFound));
    }

    private JsonObject set(RoutingContext http, Administrator who, Body body) {
        Organization pharmacy = pharmacy(http, who);
        String url = body.required("url", FeedDesk.URL_MOST);
        if (!url.isEmpty() && !FeedDesk.isUsable(url)) {
            body.unfit("url", "cannot be fetched", "Send an http or https address.");
        }
        Integer every = body.number("everyMinutes", FeedDesk.EVERY_LEAST, FeedDesk.EVERY_MOST);
        body.done();
        return json(
                pharmacy.number(),
                desk.put(
                        pharmacy,
                        url,
                        every,
                        clock.instant(),
                        (tx, before) ->
                                audit.append(
                                        tx,
                                        who.access(
                                                "set-feed",
                                                'U',
                                                entity(pharmacy),
                                                change(before, url, every)))));
    }

    private JsonObject remove(RoutingContext http, Administrator who, Body body) {
        Organization pharmacy = pharmacy(http, who);
        desk.remove(
                pharmacy.id(),
                (tx, before) ->
                        audit.append(
                                tx,
                                who.access(
                                        "remove-feed",
                                        'D',
                                        entity(pharmacy),
                                        new Changes().add("url", before.url(), null).toString())));
        return new JsonObject().put("pharmacy", pharmacy.number());
    }

    private static String change(
            FeedDesk.@Nullable Feed before, String url, @Nullable Integer every) {
        Integer minutes = before == null ? null : before.everyMinutes();
        return new Changes()
                .add("url", before == null ? null : before.url(), url)
                .add("everyMinutes", minutes, every == null ? minutes : every)
                .toString();
    }

    private static String entity(Organization pharmacy) {
        return "Organization/" + pharmacy.id();
    }

    private Organization pharmacy(RoutingContext http, Administrator who) {
        String number = http.pathParam("pharmacy");
        who.sees(number);
        return organizations
                .byNumber(number)
                .filter(Organization::isPharmacy)
                .orElseThrow(Outcomes::notFound);
    }

    private static JsonObject json(String pharmacy, FeedDesk.Feed feed) {
        return new JsonObject()
                .put("pharmacy", pharmacy)
                .put("url", feed.url())
                .put("everyMinutes", feed.everyMinutes())
                .put("failures", feed.failures())
                .put("broken", feed.isBroken())
                .put("outcome", feed.outcome())
                .put("next", feed.next().toString());
    }
}
