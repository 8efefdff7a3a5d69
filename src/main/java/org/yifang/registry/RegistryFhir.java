package org.yifang.registry;

import static org.yifang.generated.Tables.LOCATION;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.generated.Tables.PRACTITIONER;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;

/// The public part of the registry in FHIR: Organization, Location, HealthcareService,
/// Practitioner. Everybody with a token may read it.
public final class RegistryFhir {
    private static final String OURS = "https://yifang.org/fhir/";
    private static final String KINDS = OURS + "CodeSystem/organization-kind";
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
        return bytes(
                switch (type) {
                    case "Organization" -> organization(row);
                    case "Practitioner" -> practitioner(row);
                    case "PractitionerRole" -> role(row);
                    case "HealthcareService" -> service(row);
                    default -> location(row);
                });
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
                .render((row, _) -> bytes(role(row)))
                .search(SearchBy.reference("practitioner", PRACTITIONER.ID, "Practitioner"))
                .search(
                        SearchBy.reference(
                                "organization", PRACTITIONER.ORGANIZATION_ID, "Organization"));
    }

    private static JsonObject role(Row row) {
        UUID id = Rows.get(row, PRACTITIONER.ID);
        @Nullable UUID organization = Rows.find(row, PRACTITIONER.ORGANIZATION_ID);
        @Nullable String title = Rows.find(row, PRACTITIONER.TITLE);
        JsonObject json =
                begin(
                                "PractitionerRole",
                                id,
                                Rows.get(row, PRACTITIONER.VERSION),
                                Rows.get(row, PRACTITIONER.UPDATED_AT))
                        .put("active", true)
                        .put("practitioner", reference("Practitioner", id))
                        .put(
                                "code",
                                new JsonArray()
                                        .add(
                                                concept(
                                                        OURS + "CodeSystem/profession",
                                                        Rows.get(row, PRACTITIONER.PROFESSION))));
        if (organization != null) {
            json.put("organization", reference("Organization", organization));
        }
        return title == null
                ? json
                : json.put("specialty", new JsonArray().add(new JsonObject().put("text", title)));
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
                .render((row, _) -> bytes(organization(row)))
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

    private static JsonObject organization(Row row) {
        String number = Rows.get(row, ORGANIZATION.NUMBER);
        String kind = Rows.get(row, ORGANIZATION.KIND);
        @Nullable String uscc = Rows.find(row, ORGANIZATION.USCC);
        @Nullable UUID partOf = Rows.find(row, ORGANIZATION.PART_OF);
        @Nullable String phone = Rows.find(row, ORGANIZATION.PHONE);
        JsonArray identifiers = new JsonArray();
        if (!kind.equals(Organization.Kind.BUREAU.code())) {
            identifiers.add(identifier(NhsaOrganization.SYSTEM, number));
        }
        if (uscc != null) {
            identifiers.add(identifier(Uscc.SYSTEM, uscc));
        }
        JsonObject json =
                begin(
                                "Organization",
                                Rows.get(row, ORGANIZATION.ID),
                                Rows.get(row, ORGANIZATION.VERSION),
                                Rows.get(row, ORGANIZATION.UPDATED_AT))
                        .put("identifier", identifiers)
                        .put("active", true)
                        .put("type", new JsonArray().add(concept(KINDS, kind)))
                        .put("name", Rows.get(row, ORGANIZATION.NAME));
        if (phone != null) {
            json.put("telecom", new JsonArray().add(phone(phone)));
        }
        return partOf == null ? json : json.put("partOf", reference("Organization", partOf));
    }

    private static Stored locations() {
        return place("Location")
                .render((row, _) -> bytes(location(row)))
                .search(SearchBy.string("address", LOCATION.ADDRESS));
    }

    private static Stored services() {
        return place("HealthcareService")
                .render((row, _) -> bytes(service(row)))
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

    private static JsonObject location(Row row) {
        return begin(
                        "Location",
                        Rows.get(row, LOCATION.ID),
                        Rows.get(row, LOCATION.VERSION),
                        Rows.get(row, LOCATION.UPDATED_AT))
                .put("status", "active")
                .put("name", Rows.get(row, LOCATION.NAME))
                .put("mode", "instance")
                .put("address", new JsonObject().put("text", Rows.get(row, LOCATION.ADDRESS)))
                .put(
                        "position",
                        new JsonObject()
                                .put("longitude", Rows.get(row, LOCATION.LONGITUDE))
                                .put("latitude", Rows.get(row, LOCATION.LATITUDE)))
                .put(
                        "managingOrganization",
                        reference("Organization", Rows.get(row, LOCATION.ORGANIZATION_ID)))
                .put("hoursOfOperation", hours(row, "openingTime", "closingTime"));
    }

    private static JsonObject service(Row row) {
        UUID id = Rows.get(row, LOCATION.ID);
        return begin(
                        "HealthcareService",
                        id,
                        Rows.get(row, LOCATION.VERSION),
                        Rows.get(row, LOCATION.UPDATED_AT))
                .put("active", true)
                .put(
                        "providedBy",
                        reference("Organization", Rows.get(row, LOCATION.ORGANIZATION_ID)))
                .put("location", new JsonArray().add(reference("Location", id)))
                .put("name", Rows.get(row, LOCATION.NAME))
                .put("availableTime", hours(row, "availableStartTime", "availableEndTime"));
    }

    /// Hours that end after midnight are told as far as midnight and again from there.
    private static JsonArray hours(Row row, String start, String end) {
        JsonArray all = new JsonArray();
        for (OpeningHours.Span span : OpeningHours.parse(Rows.get(row, LOCATION.HOURS)).spans()) {
            int day = span.day().getValue() - 1;
            boolean wholeDay = span.start().equals(span.end());
            if (wholeDay && span.start().equals(LocalTime.MIDNIGHT)) {
                all.add(new JsonObject().put("daysOfWeek", day(day)).put("allDay", true));
            } else if (span.overMidnight()) {
                all.add(time(day, start, span.start(), end, LocalTime.of(23, 59, 59)));
                if (!span.end().equals(LocalTime.MIDNIGHT)) {
                    all.add(time((day + 1) % 7, start, LocalTime.MIDNIGHT, end, span.end()));
                }
            } else {
                all.add(time(day, start, span.start(), end, span.end()));
            }
        }
        return all;
    }

    private static JsonArray day(int index) {
        return new JsonArray().add(FHIR_DAYS.get(index));
    }

    private static JsonObject time(
            int day, String start, LocalTime from, String end, LocalTime until) {
        return new JsonObject()
                .put("daysOfWeek", day(day))
                .put(start, "%tT".formatted(from))
                .put(end, "%tT".formatted(until));
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
                .render((row, _) -> bytes(practitioner(row)))
                .search(SearchBy.token("identifier", PRACTITIONER.NUMBER, NhsaStaff.SYSTEM))
                .search(SearchBy.string("name", PRACTITIONER.NAME));
    }

    private static JsonObject practitioner(Row row) {
        @Nullable String title = Rows.find(row, PRACTITIONER.TITLE);
        @Nullable UUID organization = Rows.find(row, PRACTITIONER.ORGANIZATION_ID);
        JsonObject json =
                begin(
                                "Practitioner",
                                Rows.get(row, PRACTITIONER.ID),
                                Rows.get(row, PRACTITIONER.VERSION),
                                Rows.get(row, PRACTITIONER.UPDATED_AT))
                        .put(
                                "identifier",
                                new JsonArray()
                                        .add(
                                                identifier(
                                                        NhsaStaff.SYSTEM,
                                                        Rows.get(row, PRACTITIONER.NUMBER))))
                        .put("active", true)
                        .put(
                                "name",
                                new JsonArray()
                                        .add(
                                                new JsonObject()
                                                        .put(
                                                                "text",
                                                                Rows.get(row, PRACTITIONER.NAME))));
        if (title != null) {
            JsonObject qualification =
                    new JsonObject().put("code", new JsonObject().put("text", title));
            if (organization != null) {
                qualification.put("issuer", reference("Organization", organization));
            }
            json.put("qualification", new JsonArray().add(qualification));
        }
        return json;
    }

    static JsonObject begin(String type, UUID id, long version, Instant updated) {
        return new JsonObject()
                .put("resourceType", type)
                .put("id", id.toString())
                .put(
                        "meta",
                        new JsonObject()
                                .put("versionId", String.valueOf(version))
                                .put("lastUpdated", updated.atOffset(ZoneOffset.UTC).toString()));
    }

    static JsonObject identifier(String system, String value) {
        return new JsonObject().put("system", system).put("value", value);
    }

    static JsonObject phone(String value) {
        return new JsonObject().put("system", "phone").put("value", value);
    }

    private static JsonObject concept(String system, String code) {
        return new JsonObject()
                .put(
                        "coding",
                        new JsonArray()
                                .add(new JsonObject().put("system", system).put("code", code)));
    }

    private static JsonObject reference(String type, UUID id) {
        return new JsonObject().put("reference", type + "/" + id);
    }

    static byte[] bytes(JsonObject json) {
        return json.encode().getBytes(StandardCharsets.UTF_8);
    }
}
