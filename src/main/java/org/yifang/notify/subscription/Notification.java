package org.yifang.notify.subscription;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// What a receiver is sent: a Bundle whose first entry tells of the Subscription, the others what
/// the events are about.
///
/// @param base our base url
/// @param type as the backport names it
/// @param total how many events there have been, up to the last one told
public record Notification(
        String base,
        Subscription of,
        Type type,
        long total,
        List<NotifiedEvent> events,
        Instant now) {
    /// Why it is sent.
    public enum Type {
        HANDSHAKE("handshake"),
        HEARTBEAT("heartbeat"),
        EVENTS("event-notification"),
        STATUS("query-status"),
        ASKED("query-event");

        private final String code;

        Type(String code) {
            this.code = code;
        }
    }

    /// An event as its receiver may know it.
    ///
    /// @param focus what it is about, `Task/…`, null where that is not told
    /// @param resource what it is about, as it is now, or null
    public record NotifiedEvent(
            long number, Instant at, @Nullable String focus, byte @Nullable [] resource) {}

    /// The Bundle.
    public byte[] json() {
        return FhirWriter.resource(
                "Bundle",
                json -> {
                    json.string("id", UUID.randomUUID().toString());
                    json.object(
                            "meta",
                            meta -> meta.list("profile", all -> all.string(Backport.NOTIFICATION)));
                    json.string("type", "history").instant("timestamp", now);
                    json.list("entry", this::entries);
                });
    }

    private void entries(FhirWriter all) {
        UUID id = UUID.randomUUID();
        all.element(entry ->
                entry.string("fullUrl", "urn:uuid:" + id)
                        .raw("resource", status(id, null))
                        .object(
                                "request",
                                to ->
                                        to.string("method", "GET")
                                                .string(
                                                        "url",
                                                        "Subscription/" + of.id() + "/$status"))
                        .object("response", to -> to.string("status", "200")));
        Set<String> named = new HashSet<>();
        for (NotifiedEvent one : events) {
            String focus = one.focus();
            if (focus != null && named.add(focus)) {
                all.element(entry -> about(entry, focus, one.resource()));
            }
        }
    }

    private void about(FhirWriter entry, String focus, byte @Nullable [] resource) {
        entry.string("fullUrl", base + '/' + focus);
        if (resource != null) {
            entry.raw("resource", resource);
        }
        entry.object("request", to -> to.string("method", "PUT").string("url", focus))
                .object("response", to -> to.string("status", "200"));
    }

    /// How the Subscription stands, with the events told, as Parameters.
    ///
    /// @param error what is wrong, in words, or null
    byte[] status(UUID id, @Nullable String error) {
        return FhirWriter.resource(
                "Parameters",
                json -> {
                    json.string("id", id.toString());
                    json.object(
                            "meta",
                            meta -> meta.list("profile", all -> all.string(Backport.STATUS)));
                    json.list("parameter", all -> parameters(all, error));
                });
    }

    private void parameters(FhirWriter all, @Nullable String error) {
        all.element(one ->
                one.string("name", "subscription")
                        .reference("valueReference", base + "/Subscription/" + of.id()));
        all.element(one ->
                one.string("name", "topic")
                        .string("valueCanonical", of.request().topic().canonical()));
        all.element(one -> one.string("name", "status").string("valueCode", of.status().code()));
        all.element(one -> one.string("name", "type").string("valueCode", type.code));
        all.element(one ->
                one.string("name", "events-since-subscription-start")
                        .string("valueString", String.valueOf(total)));
        for (NotifiedEvent event : events) {
            all.element(one ->
                    one.string("name", "notification-event")
                            .list("part", parts -> event(parts, event)));
        }
        if (error != null) {
            all.element(one -> one.string("name", "error").words("valueCodeableConcept", error));
        }
    }

    private void event(FhirWriter parts, NotifiedEvent event) {
        parts.element(one ->
                one.string("name", "event-number")
                        .string("valueString", String.valueOf(event.number())));
        parts.element(one -> one.string("name", "timestamp").instant("valueInstant", event.at()));
        String focus = event.focus();
        if (focus != null) {
            parts.element(one ->
                    one.string("name", "focus").reference("valueReference", base + '/' + focus));
        }
    }
}
