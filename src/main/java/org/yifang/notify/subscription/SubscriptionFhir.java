package org.yifang.notify.subscription;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;

import java.nio.charset.StandardCharsets;

/// Subscriptions in FHIR.
final class SubscriptionFhir {
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
