package org.yifang.notify.subscription;

import static org.yifang.generated.Tables.SUBSCRIPTION;

import org.jooq.Condition;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.SqlCaller;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.notify.Topic;
import org.yifang.platform.Role;
import org.yifang.platform.data.TextSeal;

import java.nio.charset.StandardCharsets;

/// Subscriptions in FHIR.
final class SubscriptionFhir {
    private static final String STATUS = "http://hl7.org/fhir/subscription-status";
    private static final String TYPE = "http://terminology.hl7.org/CodeSystem/subscription-channel";

    /// What is to be mounted: each sees its own.
    static Stored stored(TextSeal texts) {
        return Stored.of("Subscription", SUBSCRIPTION)
                .id(SUBSCRIPTION.ID)
                .version(SUBSCRIPTION.VERSION, SUBSCRIPTION.UPDATED_AT)
                .columns(SubscriptionStore.fields())
                .patient(SUBSCRIPTION.PATIENT_ID)
                .visible(Role.HOSPITAL, SubscriptionFhir::own)
                .visible(Role.REVIEWER, SubscriptionFhir::own)
                .visible(Role.PHARMACY, SubscriptionFhir::own)
                .visible(Role.PATIENT, SubscriptionFhir::own)
                .render((row, caller) -> json(SubscriptionStore.read(row, texts), null))
                .search(SearchBy.token("status", SUBSCRIPTION.STATUS, STATUS))
                .search(SearchBy.string("criteria", criteria()))
                .search(SearchBy.uri("url", SUBSCRIPTION.ENDPOINT))
                .search(SearchBy.token("type", org.jooq.impl.DSL.inline("rest-hook"), TYPE))
                .search(
                        SearchBy.token(
                                "payload", org.jooq.impl.DSL.inline("application/fhir+json")));
    }

    private static Condition own(SqlCaller who) {
        return SUBSCRIPTION
                .CLIENT_ID
                .eq(who.clientId())
                .and(SUBSCRIPTION.PATIENT_ID.isNotDistinctFrom(who.patientId()));
    }

    private static org.jooq.Field<String> criteria() {
        String root = Topic.PRESCRIPTION_STATUS.canonical();
        return org.jooq
                .impl
                .DSL
                .inline(root.substring(0, root.lastIndexOf('/') + 1))
                .concat(SUBSCRIPTION.TOPIC);
    }

    /// The resource.
    ///
    /// @param secret shown this once, or null
    static byte[] json(Subscription one, @Nullable String secret) {
        Subscription.Request request = one.request();
        String contact = request.contact();
        return FhirWriter.resource(
                "Subscription",
                json -> {
                    json.string("id", one.id().toString());
                    json.meta(
                            one.version(),
                            FhirJson.instant(one.updatedAt()),
                            meta -> meta.list("profile", all -> all.string(Backport.PROFILE)));
                    json.extensions(all -> all.string("webhook-secret", secret));
                    json.string("status", one.status().code());
                    if (contact != null) {
                        json.raw("contact", contact.getBytes(StandardCharsets.UTF_8));
                    }
                    json.instant("end", request.endsAt()).string("reason", request.reason());
                    criteria(json, request);
                    json.string("error", one.error());
                    json.object("channel", channel -> channel(channel, request));
                });
    }

    private static void criteria(FhirWriter json, Subscription.Request request) {
        json.string("criteria", request.topic().canonical());
        String filter = request.filter().criteria();
        if (!filter.isEmpty()) {
            json.object(
                    "_criteria",
                    of ->
                            of.list(
                                    "extension",
                                    all ->
                                            all.part(
                                                    Backport.FILTER,
                                                    it -> it.string("valueString", filter))));
        }
    }

    private static void channel(FhirWriter channel, Subscription.Request request) {
        channel.list(
                "extension",
                all -> {
                    number(all, Backport.HEARTBEAT, "valueUnsignedInt", request.heartbeat());
                    number(all, Backport.TIMEOUT, "valueUnsignedInt", request.timeout());
                    number(all, Backport.MAX_COUNT, "valuePositiveInt", request.maxCount());
                });
        channel.string("type", "rest-hook").string("endpoint", request.endpoint());
        channel.string("payload", "application/fhir+json");
        channel.object(
                "_payload",
                of ->
                        of.list(
                                "extension",
                                all ->
                                        all.part(
                                                Backport.CONTENT,
                                                it ->
                                                        it.string(
                                                                "valueCode",
                                                                request.content().code()))));
    }

    private static void number(FhirWriter all, String url, String type, @Nullable Integer value) {
        if (value != null) {
            all.part(url, it -> it.number(type, value.longValue()));
        }
    }

    private SubscriptionFhir() {}
}
