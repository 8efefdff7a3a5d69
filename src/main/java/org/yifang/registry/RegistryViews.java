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
import org.yifang.fhir.search.Link;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;

import java.util.EnumSet;
import java.util.List;
import java.util.UUID;

/// What is read and searched of the public part of the registry: Organization, Location,
/// HealthcareService, Practitioner, PractitionerRole. Everybody with a token may.
public final class RegistryViews {
    private RegistryViews() {}

    /// All that is to be mounted.
    public static List<Stored> stored() {
        return List.of(organizations(), locations(), services(), practitioners(), roles());
    }

    /// Leads from a staff number to the Practitioner who has it.
    public static Link numbered(Field<String> number) {
        org.yifang.generated.tables.Practitioner person = PRACTITIONER.as("numbered");
        return Link.through(number, person, person.NUMBER, person.ID, DSL.noCondition());
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
            case "Organization" -> RegistryFhir.organization(OrganizationStore.organization(row));
            case "Practitioner" -> RegistryFhir.practitioner(PractitionerStore.practitioner(row));
            case "PractitionerRole" -> RegistryFhir.role(PractitionerStore.practitioner(row));
            case "HealthcareService" -> RegistryFhir.service(OrganizationStore.location(row));
            default -> RegistryFhir.location(OrganizationStore.location(row));
        };
    }

    private static Stored roles() {
        return toAll(Stored.of("PractitionerRole", PRACTITIONER))
                .id(PRACTITIONER.ID)
                .version(PRACTITIONER.VERSION, PRACTITIONER.UPDATED_AT)
                .columns(PractitionerStore.COLUMNS.toArray(Field<?>[]::new))
                .render((row, _) -> RegistryFhir.role(PractitionerStore.practitioner(row)))
                .search(active())
                .search(SearchBy.reference("practitioner", PRACTITIONER.ID, "Practitioner"))
                .search(
                        SearchBy.reference(
                                "organization", PRACTITIONER.ORGANIZATION_ID, "Organization"));
    }

    private static Stored toAll(Stored stored) {
        EnumSet<Role> roles = EnumSet.allOf(Role.class);
        return stored.visibleToAll(Role.HOSPITAL, roles.toArray(new Role[0]));
    }

    private static Stored organizations() {
        return toAll(Stored.of("Organization", ORGANIZATION))
                .id(ORGANIZATION.ID)
                .version(ORGANIZATION.VERSION, ORGANIZATION.UPDATED_AT)
                .columns(OrganizationStore.COLUMNS)
                .render((row, _) -> RegistryFhir.organization(OrganizationStore.organization(row)))
                .search(SearchBy.token("identifier", RegistryViews::organizationNumber))
                .search(SearchBy.string("name", ORGANIZATION.NAME))
                .search(SearchBy.token("type", ORGANIZATION.KIND, RegistryFhir.KINDS))
                .search(active())
                .search(SearchBy.reference("partof", ORGANIZATION.PART_OF, "Organization"));
    }

    /// What stands in the registry is active.
    private static SearchBy active() {
        return SearchBy.fixed("active", "true", "http://hl7.org/fhir/special-values");
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

    private static Stored locations() {
        return place("Location")
                .render((row, _) -> RegistryFhir.location(OrganizationStore.location(row)))
                .search(SearchBy.string("address", LOCATION.ADDRESS));
    }

    private static Stored services() {
        return place("HealthcareService")
                .render((row, _) -> RegistryFhir.service(OrganizationStore.location(row)))
                .search(active())
                .search(SearchBy.reference("location", LOCATION.ID, "Location"));
    }

    private static Stored place(String type) {
        return toAll(Stored.of(type, LOCATION))
                .id(LOCATION.ID)
                .version(LOCATION.VERSION, LOCATION.UPDATED_AT)
                .columns(OrganizationStore.LOCATION_COLUMNS)
                .search(SearchBy.string("name", LOCATION.NAME))
                .search(
                        SearchBy.reference(
                                "organization", LOCATION.ORGANIZATION_ID, "Organization"));
    }

    private static Stored practitioners() {
        return toAll(Stored.of("Practitioner", PRACTITIONER))
                .id(PRACTITIONER.ID)
                .version(PRACTITIONER.VERSION, PRACTITIONER.UPDATED_AT)
                .columns(PractitionerStore.COLUMNS.toArray(Field<?>[]::new))
                .render((row, _) -> RegistryFhir.practitioner(PractitionerStore.practitioner(row)))
                .search(SearchBy.token("identifier", PRACTITIONER.NUMBER, NhsaStaff.SYSTEM))
                .search(active())
                .search(SearchBy.string("name", PRACTITIONER.NAME));
    }
}
