package org.yifang.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yifang.platform.problem.Problem;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

class CatalogueFileTest {
    private static final String HEADER =
            Arrays.stream(Column.values()).map(Column::header).collect(Collectors.joining(","));
    private static final String AMLODIPINE =
            "XC08CAA013A001010100001,苯磺酸氨氯地平片,片剂,other,5mg,5,mg,,,片,盒,7,示例甲制药有限公司,"
                    + "国药准字H20990001,western,,non_antibiotic,no,yes,5,mg,C08CA01,no";

    private static CatalogueFile.Report read(String... rows) {
        return CatalogueFile.read(
                bytes(HEADER + "\n" + String.join("\n", rows)), _ -> Optional.empty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The sample row with one column changed.
    private static String with(Column column, String value) {
        String[] fields = AMLODIPINE.split(",", -1);
        fields[List.of(Column.values()).indexOf(column)] = value;
        return String.join(",", fields);
    }

    @Nested
    class Row {
        @Test
        void becomes_a_drug() {
            CatalogueFile.Report report = read(AMLODIPINE);
            assertThat(report.refused()).isEmpty();
            Drug drug = report.accepted().getFirst();
            assertThat(drug.display()).isEqualTo("苯磺酸氨氯地平片 5mg×7片/盒");
            assertThat(drug.volumePurchased()).isTrue();
            assertThat(drug.kind()).isEqualTo(DrugKind.WESTERN);
            assertThat(drug.dailyDosesPerUnit().orElseThrow()).isEqualByComparingTo("1");
        }

        @Test
        void may_carry_several_class_flags() {
            assertThat(
                            read(with(Column.CLASSES, "NARCOTIC cold_chain"))
                                    .accepted()
                                    .getFirst()
                                    .classes())
                    .containsExactlyInAnyOrder(DrugClass.NARCOTIC, DrugClass.COLD_CHAIN);
        }

        @ParameterizedTest
        @CsvSource({
            "CODE, XC08",
            "CODE, ''",
            "GENERIC_NAME, ''",
            "RELEASE_FORM, slow",
            "STRENGTH_VALUE, 0",
            "STRENGTH_VALUE, -5",
            "STRENGTH_VALUE, 5.1234567",
            "STRENGTH_VALUE, abc",
            "STRENGTH_VALUE, ''",
            "STRENGTH_UNIT, ''",
            "CONTENT_VALUE, 100",
            "PREPARATION_UNIT, ''",
            "PACK_FACTOR, 0",
            "PACK_FACTOR, 100001",
            "PACK_FACTOR, 7.5",
            "PACK_FACTOR, ''",
            "PACK_UNIT, 片",
            "MAKER, ''",
            "APPROVAL_NUMBER, ''",
            "APPROVAL_NUMBER, H123",
            "PRESCRIPTION_TYPE, chinese_patent",
            "CLASSES, NARCOTICS",
            "ANTIMICROBIAL_TIER, high",
            "SKIN_TEST, true",
            "VOLUME_PURCHASED, 是",
            "DDD_VALUE, ''",
            "ATC, C8",
            "NARROW_THERAPEUTIC_INDEX, 1"
        })
        void is_refused_with_its_line_and_a_reason(Column column, String value) {
            CatalogueFile.Report report = read(with(column, value), AMLODIPINE);
            assertThat(report.accepted()).hasSize(1);
            assertThat(report.refusedRows()).isEqualTo(1);
            assertThat(report.refused())
                    .allSatisfy(refusal -> {
                        assertThat(refusal.line()).isEqualTo(2);
                        assertThat(refusal.reason()).endsWith(".");
                    });
        }

        @Test
        void is_told_all_that_is_wrong_at_once() {
            String row = AMLODIPINE.replace(",7,", ",x,").replace("western", "east");
            assertThat(read(row).refused())
                    .extracting(CatalogueFile.Refusal::column)
                    .containsExactlyInAnyOrder(Column.PACK_FACTOR, Column.PRESCRIPTION_TYPE);
        }

        @Test
        void shorter_than_the_header_lacks_only_what_is_not_there() {
            assertThat(read(AMLODIPINE.replace(",C08CA01,no", "")).accepted()).hasSize(1);
        }

        @Test
        void longer_than_the_header_is_refused() {
            assertThat(read(AMLODIPINE + ",").refused())
                    .extracting(CatalogueFile.Refusal::reason)
                    .containsExactly("The row has 24 fields, the header 23.");
        }

        @Test
        void of_herbal_pieces_needs_no_approval_number() {
            String herb = "T000600045,黄芪,饮片,,饮片,,,,,g,袋,500,示例药材公司,,herbal,,,,,,,,";
            assertThat(read(herb).accepted()).hasSize(1);
        }

        @Test
        void with_a_code_seen_before_is_refused() {
            assertThat(read(AMLODIPINE, AMLODIPINE).refused())
                    .extracting(CatalogueFile.Refusal::reason)
                    .containsExactly("`XC08CAA013A001010100001` stands on line 2 already.");
        }
    }

    @Nested
    class Substitution_set {
        private static final String IN_GRAINS =
                AMLODIPINE.replace("00001,苯", "00009,苯").replace(",片,盒", ",粒,盒");

        @Test
        void is_reckoned_in_one_unit_throughout_a_file() {
            assertThat(read(AMLODIPINE, IN_GRAINS).refused())
                    .extracting(CatalogueFile.Refusal::column)
                    .containsExactly(Column.PREPARATION_UNIT);
        }

        @Test
        void is_reckoned_in_the_unit_that_the_catalogue_has() {
            Drug known = read(AMLODIPINE).accepted().getFirst();
            CatalogueFile.Report report =
                    CatalogueFile.read(
                            bytes(HEADER + "\n" + IN_GRAINS),
                            set ->
                                    set.equals(known.substitutionSet())
                                            ? Optional.of(known)
                                            : Optional.empty());
            assertThat(report.refused())
                    .extracting(CatalogueFile.Refusal::reason)
                    .singleElement()
                    .asString()
                    .contains("XC08CAA013A001010100001");
        }
    }

    @Test
    void the_documentation_names_every_column_and_class_flag() throws java.io.IOException {
        String page = java.nio.file.Files.readString(java.nio.file.Path.of("docs/catalogue.md"));
        for (Column column : Column.values()) {
            String required = column.required() ? " yes " : "  ";
            assertThat(page)
                    .contains(
                            "| `%s` |%s| %s |"
                                    .formatted(column.header(), required, column.meaning()));
        }
        for (DrugClass one : DrugClass.values()) {
            assertThat(page).contains("`" + one.name() + "`");
        }
    }

    @Nested
    class File {
        @Test
        void may_order_its_columns_and_leave_out_what_is_not_required() {
            String header =
                    "prescription_type,code,generic_name,form,strength,preparation_unit,pack_unit,"
                            + "pack_factor,maker,approval_number";
            String row = "western,XC08CAA013A001010100001,苯磺酸氨氯地平片,片剂,5mg,片,盒,7,示例,国药准字H20990001";
            CatalogueFile.Report report =
                    CatalogueFile.read(
                            bytes("# a comment\n" + header + "\n" + row), _ -> Optional.empty());
            assertThat(report.accepted()).hasSize(1);
            assertThat(report.accepted().getFirst().strength().active()).isNull();
        }

        @Test
        void names_every_fault_of_its_header() {
            assertThatThrownBy(() ->
                            CatalogueFile.read(bytes("code,code,colour\n"), _ -> Optional.empty()))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem ->
                                    assertThat(problem.findings())
                                            .extracting(Problem.Finding::detail)
                                            .contains(
                                                    "The column `code` stands twice.",
                                                    "`colour` is no column.",
                                                    "The column `maker` is missing."));
        }

        @Test
        void is_refused_when_empty_or_not_utf8() {
            assertThatThrownBy(() -> CatalogueFile.read(new byte[0], _ -> Optional.empty()))
                    .isInstanceOf(Problem.class);
            byte[] chinese = (HEADER + "\n" + AMLODIPINE).getBytes(Charset.forName("GB18030"));
            assertThatThrownBy(() -> CatalogueFile.read(chinese, _ -> Optional.empty()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("UTF-8");
        }

        @Test
        void with_a_header_alone_has_nothing_in_it() {
            assertThat(read().accepted()).isEmpty();
        }
    }
}
