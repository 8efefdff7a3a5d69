package org.yifang.identity.person;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.client.OrganizationIds;
import org.yifang.platform.Role;
import org.yifang.platform.data.Database;

import java.time.Instant;
import java.util.List;

/// Makes the people of the demonstration, whose login is also their password.
///
/// To be called only when demonstration data is wanted: everybody knows these passwords.
public final class DemonstrationPeople {
    private static final int PHARMACIES = 12;
    private static final List<String> HOSPITALS = List.of("H42128100001", "H42128100002");

    private final Database database;
    private final AccountStore accounts;
    private final OrganizationIds organizations;
    private final Staff staff;
    private final String region;
    private final Instant now;

    /// Someone of the registry.
    public record Colleague(String number, String name) {}

    /// The staff of the registry, which stands above.
    @FunctionalInterface
    public interface Staff {
        /// Who has a staff number, null when nobody has.
        @Nullable Colleague find(String number);
    }

    private DemonstrationPeople(
            Database database,
            OrganizationIds organizations,
            Staff staff,
            String region,
            Instant now) {
        this.database = database;
        this.accounts = new AccountStore(database);
        this.organizations = organizations;
        this.staff = staff;
        this.region = region;
        this.now = now;
    }

    /// Makes those that are missing.
    ///
    /// @param organizations of the registry, which stands above
    /// @param staff of the registry, too
    /// @param bureau number of the bureau's organization
    public static void seed(
            Database database,
            OrganizationIds organizations,
            Staff staff,
            String bureau,
            String region,
            Instant now) {
        var seed = new DemonstrationPeople(database, organizations, staff, region, now);
        for (int i = 1; i <= HOSPITALS.size(); i++) {
            String hospital = HOSPITALS.get(i - 1);
            seed.add("doctor-" + i, Role.HOSPITAL, hospital, "D421281000%d01".formatted(i));
        }
        seed.add("reviewer-1", Role.REVIEWER, HOSPITALS.getFirst(), "Y421281000301");
        for (int i = 1; i <= PHARMACIES; i++) {
            seed.add(
                    "pharmacist-" + i,
                    Role.PHARMACY,
                    "P421281%05d".formatted(i),
                    "Y42128101%02d01".formatted(i));
        }
        seed.add("official-1", Role.BUREAU, bureau, null);
        seed.add("auditor-1", Role.AUDITOR, bureau, null);
        seed.add("operator-1", Role.OPERATOR, bureau, null);
    }

    private void add(String login, Role role, String organization, @Nullable String number) {
        if (accounts.find(login).isPresent()) {
            return;
        }
        Colleague colleague = number == null ? null : staff.find(number);
        Account account =
                new Account(
                        login,
                        region,
                        colleague == null ? login : colleague.name(),
                        colleague == null ? null : colleague.number(),
                        role,
                        organizations.idOf(organization),
                        organization,
                        role == Role.REVIEWER ? HOSPITALS : List.of(),
                        false,
                        PasswordHash.of(login, PasswordHash.Cost.DEMONSTRATION),
                        false,
                        null,
                        0,
                        List.of(),
                        null,
                        true,
                        true,
                        1);
        database.inTransaction(tx -> accounts.insert(tx, account, now));
    }
}
