package org.yifang.registry;

import static org.yifang.generated.Tables.LOCATION;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.generated.Tables.PRACTITIONER;

import io.vertx.sqlclient.Row;

import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.platform.data.Rows;

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

    static byte[] role(Row row) {
        UUID id = Rows.get(row, PRACTITIONER.ID);
        @Nullable String title = Rows.find(row, PRACTITIONER.TITLE);
        return FhirWriter.resource(
                "PractitionerRole",
                json -> {
                    begin(
                            json,
                            row,
                            PRACTITIONER.ID,
                            PRACTITIONER.VERSION,
                            PRACTITIONER.UPDATED_AT);
                    json.truth("active", true).reference("practitioner", "Practitioner", id);
                    String profession = Rows.get(row, PRACTITIONER.PROFESSION);
                    json.list(
                            "code",
                            all -> all.concept(FhirJson.SYSTEMS + "profession", profession));
                    json.reference(
                            "organization",
                            "Organization",
                            Rows.find(row, PRACTITIONER.ORGANIZATION_ID));
                    json.list("specialty", all -> all.element(one -> one.string("text", title)));
                });
    }

    static byte[] organization(Row row) {
        String kind = Rows.get(row, ORGANIZATION.KIND);
        @Nullable String uscc = Rows.find(row, ORGANIZATION.USCC);
        @Nullable String phone = Rows.find(row, ORGANIZATION.PHONE);
        return FhirWriter.resource(
                "Organization",
                json -> {
                    begin(
                            json,
                            row,
                            ORGANIZATION.ID,
                            ORGANIZATION.VERSION,
                            ORGANIZATION.UPDATED_AT);
                    json.list(
                            "identifier",
                            all -> {
                                if (!kind.equals(Organization.Kind.BUREAU.code())) {
                                    all.identifier(
                                            NhsaOrganization.SYSTEM,
                                            Rows.get(row, ORGANIZATION.NUMBER));
                                }
                                if (uscc != null) {
                                    all.identifier(Uscc.SYSTEM, uscc);
                                }
                            });
                    json.truth("active", true).list("type", all -> all.concept(KINDS, kind));
                    json.string("name", Rows.get(row, ORGANIZATION.NAME));
                    phone(json, phone);
                    json.reference("partOf", "Organization", Rows.find(row, ORGANIZATION.PART_OF));
                });
    }

    static byte[] location(Row row) {
        return FhirWriter.resource(
                "Location",
                json -> {
                    begin(json, row, LOCATION.ID, LOCATION.VERSION, LOCATION.UPDATED_AT);
                    json.string("status", "active").string("name", Rows.get(row, LOCATION.NAME));
                    json.string("mode", "instance");
                    json.object(
                            "address", to -> to.string("text", Rows.get(row, LOCATION.ADDRESS)));
                    json.object(
                            "position",
                            to ->
                                    to.number("longitude", Rows.get(row, LOCATION.LONGITUDE))
                                            .number("latitude", Rows.get(row, LOCATION.LATITUDE)));
                    json.reference(
                            "managingOrganization",
                            "Organization",
                            Rows.get(row, LOCATION.ORGANIZATION_ID));
                    json.list(
                            "hoursOfOperation",
                            all -> hours(all, row, "openingTime", "closingTime"));
                });
    }

    static byte[] service(Row row) {
        return FhirWriter.resource(
                "HealthcareService",
                json -> {
                    begin(json, row, LOCATION.ID, LOCATION.VERSION, LOCATION.UPDATED_AT);
                    json.truth("active", true);
                    json.reference(
                            "providedBy", "Organization", Rows.get(row, LOCATION.ORGANIZATION_ID));
                    json.list(
                            "location",
                            all -> all.reference("Location/" + Rows.get(row, LOCATION.ID)));
                    json.string("name", Rows.get(row, LOCATION.NAME));
                    json.list(
                            "availableTime",
                            all -> hours(all, row, "availableStartTime", "availableEndTime"));
                });
    }

    /// Hours that end after midnight are told as far as midnight and again from there.
    private static void hours(FhirWriter all, Row row, String start, String end) {
        for (OpeningHours.Span span : OpeningHours.parse(Rows.get(row, LOCATION.HOURS)).spans()) {
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

    static byte[] practitioner(Row row) {
        @Nullable String title = Rows.find(row, PRACTITIONER.TITLE);
        return FhirWriter.resource(
                "Practitioner",
                json -> {
                    begin(
                            json,
                            row,
                            PRACTITIONER.ID,
                            PRACTITIONER.VERSION,
                            PRACTITIONER.UPDATED_AT);
                    String number = Rows.get(row, PRACTITIONER.NUMBER);
                    json.list("identifier", all -> all.identifier(NhsaStaff.SYSTEM, number));
                    json.truth("active", true);
                    String name = Rows.get(row, PRACTITIONER.NAME);
                    json.list("name", all -> all.element(one -> one.string("text", name)));
                    if (title != null) {
                        json.list(
                                "qualification",
                                all -> all.element(one -> qualification(one, title, row)));
                    }
                });
    }

    private static void qualification(FhirWriter json, String title, Row row) {
        json.object("code", code -> code.string("text", title));
        json.reference("issuer", "Organization", Rows.find(row, PRACTITIONER.ORGANIZATION_ID));
    }

    private static void begin(
            FhirWriter json, Row row, Field<UUID> id, Field<Long> version, Field<Instant> updated) {
        json.string("id", Rows.get(row, id).toString())
                .meta(Rows.get(row, version), Rows.get(row, updated));
    }

    static void phone(FhirWriter json, @Nullable String number) {
        if (number != null) {
            json.list("telecom", all -> all.identifier("phone", number));
        }
    }
}
