package org.yifang.registry;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;

import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.UUID;

/// The public part of the registry in FHIR: Organization, Location, HealthcareService,
/// Practitioner.
final class RegistryFhir {
    static final String KINDS = FhirJson.SYSTEMS + "organization-kind";
    private static final List<String> FHIR_DAYS =
            List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    private RegistryFhir() {}

    static byte[] role(Practitioner one) {
        @Nullable String title = one.title();
        return FhirWriter.resource(
                "PractitionerRole",
                json -> {
                    begin(json, one.id(), one.version(), one.updatedAt());
                    json.truth("active", true).reference("practitioner", "Practitioner", one.id());
                    String profession = one.profession().code();
                    json.list(
                            "code",
                            all -> all.concept(FhirJson.SYSTEMS + "profession", profession));
                    json.reference("organization", "Organization", one.organizationId());
                    json.list("specialty", all -> all.words(title));
                });
    }

    static byte[] organization(Organization one) {
        @Nullable Uscc uscc = one.uscc();
        return FhirWriter.resource(
                "Organization",
                json -> {
                    begin(json, one.id(), one.version(), one.updatedAt());
                    json.list(
                            "identifier",
                            all -> {
                                if (one.kind() != Organization.Kind.BUREAU) {
                                    all.identifier(NhsaOrganization.SYSTEM, one.number());
                                }
                                if (uscc != null) {
                                    all.identifier(Uscc.SYSTEM, uscc.value());
                                }
                            });
                    json.truth("active", true)
                            .list("type", all -> all.concept(KINDS, one.kind().code()));
                    json.string("name", one.name());
                    phone(json, one.phone());
                    json.reference("partOf", "Organization", one.partOf());
                });
    }

    static byte[] location(Location one) {
        return FhirWriter.resource(
                "Location",
                json -> {
                    begin(json, one.id(), one.version(), one.updatedAt());
                    json.string("status", "active").string("name", one.name());
                    json.string("mode", "instance");
                    json.object("address", to -> to.string("text", one.address()));
                    json.object(
                            "position",
                            to ->
                                    to.number("longitude", one.place().longitude())
                                            .number("latitude", one.place().latitude()));
                    json.reference("managingOrganization", "Organization", one.organizationId());
                    json.list(
                            "hoursOfOperation",
                            all -> hours(all, one.hours(), "openingTime", "closingTime"));
                });
    }

    static byte[] service(Location one) {
        return FhirWriter.resource(
                "HealthcareService",
                json -> {
                    begin(json, one.id(), one.version(), one.updatedAt());
                    json.truth("active", true);
                    json.reference("providedBy", "Organization", one.organizationId());
                    json.list("location", all -> all.reference("Location/" + one.id()));
                    json.string("name", one.name());
                    json.list(
                            "availableTime",
                            all ->
                                    hours(
                                            all,
                                            one.hours(),
                                            "availableStartTime",
                                            "availableEndTime"));
                });
    }

    /// Hours that end after midnight are told as far as midnight and again from there.
    private static void hours(FhirWriter all, OpeningHours open, String start, String end) {
        for (OpeningHours.Span span : open.spans()) {
            int day = span.day().getValue() - 1;
            boolean wholeDay = span.start().equals(span.end());
            if (wholeDay && span.start().equals(LocalTime.MIDNIGHT)) {
                all.element(one -> on(one, day).truth("allDay", true));
            } else if (span.overMidnight()) {
                time(all, day, start, span.start(), end, LocalTime.of(23, 59, 59));
                if (!span.end().equals(LocalTime.MIDNIGHT)) {
                    time(all, (day + 1) % 7, start, LocalTime.MIDNIGHT, end, span.end());
                }
            } else {
                time(all, day, start, span.start(), end, span.end());
            }
        }
    }

    private static FhirWriter on(FhirWriter json, int day) {
        return json.list("daysOfWeek", all -> all.string(FHIR_DAYS.get(day)));
    }

    private static void time(
            FhirWriter all, int day, String start, LocalTime from, String end, LocalTime until) {
        all.element(one ->
                on(one, day)
                        .string(start, "%tT".formatted(from))
                        .string(end, "%tT".formatted(until)));
    }

    static byte[] practitioner(Practitioner one) {
        @Nullable String title = one.title();
        return FhirWriter.resource(
                "Practitioner",
                json -> {
                    begin(json, one.id(), one.version(), one.updatedAt());
                    String number = one.number();
                    json.list("identifier", all -> all.identifier(NhsaStaff.SYSTEM, number));
                    json.truth("active", true);
                    String name = one.name();
                    json.list("name", all -> all.element(of -> of.string("text", name)));
                    if (title != null) {
                        json.list(
                                "qualification",
                                all -> all.element(of -> qualification(of, title, one)));
                    }
                });
    }

    private static void qualification(FhirWriter json, String title, Practitioner one) {
        json.words("code", title);
        json.reference("issuer", "Organization", one.organizationId());
    }

    private static void begin(FhirWriter json, UUID id, long version, Instant updated) {
        json.string("id", id.toString()).meta(version, updated);
    }

    static void phone(FhirWriter json, @Nullable String number) {
        if (number != null) {
            json.list("telecom", all -> all.identifier("phone", number));
        }
    }
}
