package org.yifang.registry;

import static org.yifang.generated.Tables.LOCATION;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.generated.Tables.PRACTITIONER;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;

/// The public part of the registry in FHIR: Organization, Location, HealthcareService,
/// Practitioner. Everybody with a token may read it.
public final class RegistryFhir {
    private static final String KINDS = FhirJson.SYSTEMS + "organization-kind";
    private static final List<String> FHIR_DAYS =
            List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    private RegistryFhir() {}

    /// All that is to be mounted.
    public static List<Stored> stored() {
        return List.of(organizations(), locations(), services(), practitioners(), roles());
    }

    /// A resource of the registry as it stands now. Waits.
    static byte[] one(Database database, String type, UUID id) {
        Table<?> table =
                switch (type) {
                    case "Organization" -> ORGANIZATION;
                    case "Practitioner", "PractitionerRole" -> PRACTITIONER;
                    default -> LOCATION;
                };
        Field<UUID> key = table.field("id", UUID.class);
        Row row =
                database.run(SQL.select(table.fields()).from(table).where(key.eq(id)))
                        .iterator()
                        .next();
        return switch (type) {
            case "Organization" -> organization(row);
            case "Practitioner" -> practitioner(row);
            case "PractitionerRole" -> role(row);
            case "HealthcareService" -> service(row);
            default -> location(row);
        };
    }

    private static Stored roles() {
        return toAll(Stored.of("PractitionerRole", PRACTITIONER))
                .id(PRACTITIONER.ID)
                .version(PRACTITIONER.VERSION, PRACTITIONER.UPDATED_AT)
                .columns(
                        PRACTITIONER.ID,
                        PRACTITIONER.PROFESSION,
                        PRACTITIONER.TITLE,
                        PRACTITIONER.ORGANIZATION_ID,
                        PRACTITIONER.VERSION,
                        PRACTITIONER.UPDATED_AT)
                .render((row, _) -> role(row))
                .search(SearchBy.reference("practitioner", PRACTITIONER.ID, "Practitioner"))
                .search(
                        SearchBy.reference(
                                "organization", PRACTITIONER.ORGANIZATION_ID, "Organization"));
    }

    private static byte[] role(Row row) {
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

    private static Stored toAll(Stored stored) {
        EnumSet<Role> roles = EnumSet.allOf(Role.class);
        return stored.visibleToAll(Role.HOSPITAL, roles.toArray(new Role[0]));
    }

    private static Stored organizations() {
        return toAll(Stored.of("Organization", ORGANIZATION))
                .id(ORGANIZATION.ID)
                .version(ORGANIZATION.VERSION, ORGANIZATION.UPDATED_AT)
                .columns(
                        ORGANIZATION.ID,
                        ORGANIZATION.NUMBER,
                        ORGANIZATION.KIND,
                        ORGANIZATION.NAME,
                        ORGANIZATION.USCC,
                        ORGANIZATION.PART_OF,
                        ORGANIZATION.PHONE,
                        ORGANIZATION.VERSION,
                        ORGANIZATION.UPDATED_AT)
                .render((row, _) -> organization(row))
                .search(SearchBy.token("identifier", RegistryFhir::organizationNumber))
                .search(SearchBy.string("name", ORGANIZATION.NAME))
                .search(SearchBy.token("type", ORGANIZATION.KIND, KINDS))
                .search(SearchBy.reference("partof", ORGANIZATION.PART_OF, "Organization"));
    }

    private static Condition organizationNumber(@Nullable String system, @Nullable String code) {
        Condition condition = DSL.falseCondition();
        if (system == null || system.equals(NhsaOrganization.SYSTEM)) {
            // A bureau has no such number: its USCC stands in that column.
            condition =
                    condition.or(
                            equal(ORGANIZATION.NUMBER, code)
                                    .and(ORGANIZATION.KIND.ne(Organization.Kind.BUREAU.code())));
        }
        if (system == null || system.equals(Uscc.SYSTEM)) {
            condition = condition.or(equal(ORGANIZATION.USCC, code));
        }
        return condition;
    }

    private static Condition equal(Field<String> column, @Nullable String code) {
        return code == null ? column.isNotNull() : column.eq(code);
    }

    private static byte[] organization(Row row) {
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

    private static Stored locations() {
        return place("Location")
                .render((row, _) -> location(row))
                .search(SearchBy.string("address", LOCATION.ADDRESS));
    }

    private static Stored services() {
        return place("HealthcareService")
                .render((row, _) -> service(row))
                .search(SearchBy.reference("location", LOCATION.ID, "Location"));
    }

    private static Stored place(String type) {
        return toAll(Stored.of(type, LOCATION))
                .id(LOCATION.ID)
                .version(LOCATION.VERSION, LOCATION.UPDATED_AT)
                .columns(
                        LOCATION.ID,
                        LOCATION.ORGANIZATION_ID,
                        LOCATION.NAME,
                        LOCATION.ADDRESS,
                        LOCATION.LATITUDE,
                        LOCATION.LONGITUDE,
                        LOCATION.HOURS,
                        LOCATION.VERSION,
                        LOCATION.UPDATED_AT)
                .search(SearchBy.string("name", LOCATION.NAME))
                .search(
                        SearchBy.reference(
                                "organization", LOCATION.ORGANIZATION_ID, "Organization"));
    }

    private static byte[] location(Row row) {
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

    private static byte[] service(Row row) {
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

    private static Stored practitioners() {
        return toAll(Stored.of("Practitioner", PRACTITIONER))
                .id(PRACTITIONER.ID)
                .version(PRACTITIONER.VERSION, PRACTITIONER.UPDATED_AT)
                .columns(
                        PRACTITIONER.ID,
                        PRACTITIONER.NUMBER,
                        PRACTITIONER.NAME,
                        PRACTITIONER.TITLE,
                        PRACTITIONER.ORGANIZATION_ID,
                        PRACTITIONER.VERSION,
                        PRACTITIONER.UPDATED_AT)
                .render((row, _) -> practitioner(row))
                .search(SearchBy.token("identifier", PRACTITIONER.NUMBER, NhsaStaff.SYSTEM))
                .search(SearchBy.string("name", PRACTITIONER.NAME));
    }

    private static byte[] practitioner(Row row) {
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
                .meta(Rows.get(row, version), time(Rows.get(row, updated)), _ -> {});
    }

    static String time(Instant updated) {
        return updated.atOffset(ZoneOffset.UTC).toString();
    }

    static void phone(FhirWriter json, @Nullable String number) {
        if (number != null) {
            json.list("telecom", all -> all.identifier("phone", number));
        }
    }
}
