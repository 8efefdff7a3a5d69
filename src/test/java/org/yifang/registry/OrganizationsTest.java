package org.yifang.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;

class OrganizationsTest {
    private static final Instant NOON = Instant.parse("2026-11-20T04:00:00Z");
    private static final Uuid7 IDS = new Uuid7(InstantSource.fixed(NOON));

    private static Vertx vertx;
    private static Database database;
    private static Organizations organizations;

    @BeforeAll
    static void open() throws IOException {
        vertx = Vertx.vertx();
        database = new Database(vertx, TestDatabase.migrated(), 4);
        demonstration().load(database, IDS, "421281", NOON);
        organizations = Organizations.open(database);
    }

    @AfterAll
    static void close() {
        organizations.close();
        database.close().await();
        vertx.close().await();
    }

    private static RegistryFile demonstration() throws IOException {
        try (InputStream in =
                OrganizationsTest.class.getResourceAsStream("/demonstration/registry.json")) {
            return RegistryFile.parse(Objects.requireNonNull(in).readAllBytes());
        }
    }

    @Test
    void the_demonstration_has_two_hospitals_twelve_pharmacies_and_a_bureau() {
        assertThat(organizations.all()).hasSize(15);
        assertThat(organizations.pharmacies()).hasSize(12);
        assertThat(organizations.byNumber("11421281000000019W").orElseThrow().kind())
                .isEqualTo(Organization.Kind.BUREAU);
    }

    @Test
    void the_last_two_pharmacies_are_the_hospitals_own() {
        Organization hospital = organizations.byNumber("H42128100001").orElseThrow();
        Organization inHouse = organizations.byNumber("P42128100011").orElseThrow();
        assertThat(inHouse.partOf()).isEqualTo(hospital.id());
        assertThat(organizations.pharmacies()).filteredOn(Organization::isInHouse).hasSize(2);
    }

    @Test
    void every_number_of_the_demonstration_is_well_formed() {
        for (Organization one : organizations.all()) {
            if (one.kind() != Organization.Kind.BUREAU) {
                assertThat(NhsaOrganization.fault(one.number())).isEmpty();
                Location counter = one.counter().orElseThrow();
                assertThat(counter.place().kilometresTo(new Place(29.72, 113.90))).isLessThan(25);
                assertThat(counter.hours().spans()).isNotEmpty();
            }
            if (one.uscc() != null) {
                assertThat(one.uscc().warning()).as(one.name()).isEmpty();
            }
        }
    }

    @Test
    void loading_again_adds_nothing() throws IOException {
        UUID id = organizations.byNumber("H42128100001").orElseThrow().id();
        assertThat(demonstration().load(database, IDS, "421281", NOON)).isZero();
        organizations.refresh().await();
        assertThat(organizations.byNumber("H42128100001").orElseThrow().id()).isEqualTo(id);
    }

    @Test
    void the_prescribers_are_registered_at_their_hospital() {
        Practitioners practitioners = new Practitioners(database, IDS);
        Practitioner wang = practitioners.byNumber("D421281000101").orElseThrow();
        assertThat(wang.name()).isEqualTo("王建国");
        assertThat(wang.profession()).isEqualTo(Practitioner.Profession.PHYSICIAN);
        assertThat(wang.organizationId())
                .isEqualTo(organizations.byNumber("H42128100001").orElseThrow().id());
        assertThat(
                        practitioners.findOrCreate(
                                "D421281000101",
                                "another name",
                                Practitioner.Profession.PHYSICIAN,
                                null,
                                "421281",
                                NOON))
                .isEqualTo(wang.id());
    }

    @Test
    void a_practitioner_known_from_a_document_is_registered_once() {
        Practitioners practitioners = new Practitioners(database, IDS);
        UUID id =
                practitioners.findOrCreate(
                        "D421281009999",
                        "外聘医师",
                        Practitioner.Profession.PHYSICIAN,
                        null,
                        "421281",
                        NOON);
        assertThat(practitioners.byId(id).orElseThrow().name()).isEqualTo("外聘医师");
        assertThat(practitioners.byNumber("D421281009999").orElseThrow().id()).isEqualTo(id);
    }

    @Test
    void a_change_in_the_table_reaches_every_copy() {
        database.run(
                SQL.update(ORGANIZATION)
                        .set(ORGANIZATION.PHONE, "0715-9999999")
                        .where(ORGANIZATION.NUMBER.eq("P42128100001")));
        await().untilAsserted(() ->
                assertThat(organizations.byNumber("P42128100001").orElseThrow().phone())
                        .isEqualTo("0715-9999999"));
    }
}
