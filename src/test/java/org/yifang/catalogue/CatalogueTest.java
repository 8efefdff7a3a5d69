package org.yifang.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.data.Database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

class CatalogueTest {
    private static final Instant NOON = Instant.parse("2026-11-20T04:00:00Z");

    private static Vertx vertx;
    private static Database database;
    private static Catalogue catalogue;
    private static Catalogue.Import first;

    @BeforeAll
    static void open() throws IOException {
        vertx = Vertx.vertx();
        database = new Database(vertx, TestDatabase.migrated(), 4);
        catalogue = Catalogue.open(database);
        first = catalogue.importFile(demonstration(), "demonstration", NOON);
    }

    @AfterAll
    static void close() {
        catalogue.close();
        database.close().await();
        vertx.close().await();
    }

    private static byte[] demonstration() throws IOException {
        try (InputStream in =
                CatalogueTest.class.getResourceAsStream("/demonstration/catalogue.csv")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    @Test
    void the_demonstration_is_taken_whole_and_has_200_drugs_and_more() {
        assertThat(first.report().refused()).isEmpty();
        assertThat(first.changed()).isEqualTo(first.report().accepted().size());
        assertThat(drugs().map(Drug::genericName).distinct().count()).isGreaterThan(200);
    }

    private static java.util.stream.Stream<Drug> drugs() {
        return catalogue.entries().stream().map(Catalogue.Entry::drug);
    }

    @Test
    void the_drugs_of_the_example_prescription_are_there_with_other_packs_and_makers() {
        for (String code : Set.of("XC08CAA013A001010100001", "XC10AAA012A001010200002")) {
            Drug drug = catalogue.find(code).orElseThrow();
            assertThat(drug.packFactor()).isEqualTo(7);
            Set<Drug> same =
                    drugs().filter(one -> one.substitutionSet().equals(drug.substitutionSet()))
                            .collect(java.util.stream.Collectors.toSet());
            assertThat(same).contains(drug);
            assertThat(same).extracting(Drug::packFactor).contains(7, 14, 28);
            assertThat(same).extracting(Drug::maker).hasSizeGreaterThan(3);
        }
        assertThat(catalogue.find("XC08CAA013A001010100001").orElseThrow().display())
                .isEqualTo("苯磺酸氨氯地平片 5mg×7片/盒");
        assertThat(catalogue.find("XC10AAA012A001010200002").orElseThrow().display())
                .isEqualTo("阿托伐他汀钙片 20mg×7片/盒");
    }

    @Test
    void the_demonstration_meets_every_rule_with_a_drug() {
        EnumSet<DrugClass> classes = EnumSet.noneOf(DrugClass.class);
        drugs().forEach(drug -> classes.addAll(drug.classes()));
        assertThat(classes).isEqualTo(EnumSet.allOf(DrugClass.class));
        assertThat(drugs().map(Drug::antimicrobialTier)).contains(AntimicrobialTier.values());
        assertThat(drugs().map(Drug::kind)).contains(DrugKind.values());
        assertThat(drugs().map(Drug::releaseForm)).contains(ReleaseForm.values());
        assertThat(drugs().filter(Drug::skinTest).filter(d -> d.genericName().contains("青霉素")))
                .isNotEmpty();
        for (ReleaseForm form : ReleaseForm.values()) {
            assertThat(drugs().filter(drug -> drug.is(DrugClass.NARCOTIC)))
                    .extracting(Drug::releaseForm)
                    .contains(form);
        }
    }

    @Test
    void what_was_imported_comes_back_as_it_was() {
        for (Drug drug : first.report().accepted()) {
            assertThat(catalogue.find(drug.code().value())).contains(drug);
        }
    }

    @Test
    void the_same_file_again_changes_nothing() throws IOException {
        Catalogue.Import again = catalogue.importFile(demonstration(), "demonstration", NOON);
        assertThat(again.changed()).isZero();
        assertThat(again.version()).isEqualTo(catalogue.version());
    }

    @Test
    void one_changed_row_makes_one_new_version_that_every_copy_reads() {
        String header =
                Arrays.stream(Column.values()).map(Column::header).collect(Collectors.joining(","));
        String row =
                "XA01AAA001A001010100001,测试片,片剂,other,1mg,1,mg,,,片,盒,10,示例甲,国药准字H20990001,"
                        + "western,,non_antibiotic,no,no,,,A01AA01,no";
        byte[] file = (header + "\n" + row).getBytes(StandardCharsets.UTF_8);
        try (Catalogue other = Catalogue.open(database)) {
            long before = catalogue.version();
            Catalogue.Import done = catalogue.importFile(file, "test", NOON);
            assertThat(done.version()).isEqualTo(before + 1);
            assertThat(done.changed()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(other.version()).isEqualTo(done.version()));
            byte[] changed =
                    new String(file, StandardCharsets.UTF_8)
                            .replace("示例甲", "示例乙")
                            .getBytes(StandardCharsets.UTF_8);
            catalogue.importFile(changed, "test", NOON.plusSeconds(60));
            Catalogue.Entry entry = catalogue.entry("XA01AAA001A001010100001").orElseThrow();
            assertThat(entry.version()).isEqualTo(2);
            assertThat(entry.drug().maker()).isEqualTo("示例乙");
            assertThat(entry.updatedAt()).isEqualTo(NOON.plusSeconds(60));
            assertThat(other.find("XC08CAA013A001010100001")).isPresent();
        }
    }
}
