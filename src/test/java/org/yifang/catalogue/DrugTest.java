package org.yifang.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.util.Set;

class DrugTest {
    private static final String OURS = "示例甲制药有限公司";

    private static Amount amount(String text) {
        String[] parts = text.split(" ");
        return new Amount(new BigDecimal(parts[0]), parts[1]);
    }

    private static Drug drug(
            String code, String name, Strength strength, String unit, int factor, String maker) {
        return new Drug(
                new DrugCode(code),
                name,
                "片剂",
                strength,
                unit,
                factor == 1 ? unit : "盒",
                factor,
                maker,
                new ApprovalNumber("国药准字H20990001"),
                DrugKind.WESTERN,
                ReleaseForm.OTHER,
                Set.of(),
                AntimicrobialTier.NON_ANTIBIOTIC,
                false,
                false,
                amount("5 mg"),
                "C08CA01",
                false);
    }

    private static Drug amlodipine(String code, String strength, int factor, String maker) {
        String[] parts = strength.split(" ");
        Strength each = new Strength(parts[0] + parts[1], amount(strength), null);
        return drug(code, "苯磺酸氨氯地平片", each, "片", factor, maker);
    }

    private static final Drug SEVEN = amlodipine("XC08CAA013A001010100001", "5 mg", 7, OURS);
    private static final Drug TWENTY_EIGHT =
            amlodipine("XC08CAA013A001010200001", "5 mg", 28, OURS);
    private static final Drug THEIRS =
            amlodipine("XC08CAA013A001010100007", "0.005 g", 7, "示例乙制药有限公司");
    private static final Drug STRONGER = amlodipine("XC08CAA013A001020100001", "10 mg", 7, OURS);

    @Nested
    class Fulfilling {
        @Test
        void any_maker_and_pack_of_the_same_generic_form_and_strength_does() {
            assertThat(TWENTY_EIGHT.fulfils(SEVEN, false)).isTrue();
            assertThat(THEIRS.fulfils(SEVEN, false)).isTrue();
            assertThat(SEVEN.fulfils(SEVEN, false)).isTrue();
        }

        @Test
        void another_strength_does_not() {
            assertThat(STRONGER.fulfils(SEVEN, false)).isFalse();
        }

        @Test
        void another_form_or_generic_does_not() {
            Drug dispersible =
                    drug("XC08CAA013A002010100001", "苯磺酸氨氯地平分散片", SEVEN.strength(), "片", 7, OURS);
            assertThat(dispersible.fulfils(SEVEN, false)).isFalse();
        }

        @Test
        void only_the_very_code_does_where_the_product_itself_is_prescribed() {
            assertThat(SEVEN.fulfils(SEVEN, true)).isTrue();
            assertThat(TWENTY_EIGHT.fulfils(SEVEN, true)).isFalse();
            assertThat(THEIRS.fulfils(SEVEN, true)).isFalse();
        }

        @Test
        void the_same_product_is_one_makers_in_any_pack() {
            assertThat(TWENTY_EIGHT.isSameProductAs(SEVEN)).isTrue();
            assertThat(THEIRS.isSameProductAs(SEVEN)).isFalse();
        }

        @Test
        void writing_makes_no_difference() {
            Strength one = new Strength("１５０mg／12.5mg", null, null);
            Strength other = new Strength("150 MG/12.5mg", null, null);
            assertThat(one.key()).isEqualTo(other.key());
            assertThat(Strength.normalised("胶囊剂")).isEqualTo(Strength.normalised("胶囊"));
            assertThat(Strength.normalised("2ml×5支")).isEqualTo("2ml*5支");
        }

        @Test
        void a_larger_bottle_is_another_strength() {
            Strength small = new Strength("60ml:1.2g", amount("1.2 g"), amount("60 ml"));
            Strength large = new Strength("100ml:2g", amount("2 g"), amount("100 ml"));
            assertThat(small.key()).isNotEqualTo(large.key());
        }
    }

    @Nested
    class Quantities {
        @ParameterizedTest
        @CsvSource({"7, 片, 7", "0.5, 片, 0.5", "1, 盒, 28", "2.5, 盒, 70", "0, 盒, 0"})
        void are_reckoned_in_preparation_units(BigDecimal value, String unit, BigDecimal units) {
            assertThat(TWENTY_EIGHT.preparationUnits(value, unit).orElseThrow())
                    .isEqualByComparingTo(units);
        }

        @Test
        void in_a_unit_that_is_neither_are_unknown() {
            assertThat(SEVEN.preparationUnits(BigDecimal.ONE, "粒")).isEmpty();
            assertThat(SEVEN.preparationUnits(BigDecimal.ONE, "mg")).isEmpty();
        }

        @Test
        void of_herbs_are_understood_however_the_gram_is_written() {
            Drug herb = drug("T000600045", "黄芪", new Strength("饮片", null, null), "g", 1, OURS);
            assertThat(herb.preparationUnits(new BigDecimal("15"), "克").orElseThrow())
                    .isEqualByComparingTo("15");
            assertThat(herb.preparationUnits(new BigDecimal("0.5"), "kg").orElseThrow())
                    .isEqualByComparingTo("500");
        }

        @ParameterizedTest
        @CsvSource({"1, 1, 27", "28, 1, 0", "28.5, 2, 27.5", "56, 2, 0", "84, 3, 0"})
        void open_whole_packs_and_leave_the_rest(BigDecimal units, long packs, BigDecimal rest) {
            assertThat(TWENTY_EIGHT.packsFor(units)).isEqualTo(packs);
            assertThat(TWENTY_EIGHT.surplusOf(units)).isEqualByComparingTo(rest);
        }
    }

    @Nested
    class Doses {
        private final Drug suspension =
                drug(
                        "XM01AEA001A001010100001",
                        "布洛芬混悬液",
                        new Strength("100ml:2g", amount("2 g"), amount("100 ml")),
                        "瓶",
                        1,
                        OURS);

        @ParameterizedTest
        @CsvSource({"5, mg, 1", "2.5, mg, 0.5", "0.01, g, 2", "1, 片, 1", "5000, ug, 1"})
        void are_given_in_the_drug_or_in_units(BigDecimal value, String unit, BigDecimal units) {
            assertThat(SEVEN.preparationUnitsOfDose(value, unit).orElseThrow())
                    .isEqualByComparingTo(units);
        }

        @ParameterizedTest
        @CsvSource({"10, ml, 0.1", "10, mL, 0.1", "200, mg, 0.1", "1, 瓶, 1"})
        void are_given_in_the_form_too(BigDecimal value, String unit, BigDecimal units) {
            assertThat(suspension.preparationUnitsOfDose(value, unit).orElseThrow())
                    .isEqualByComparingTo(units);
        }

        @Test
        void that_do_not_divide_are_exact_to_twelve_digits() {
            assertThat(STRONGER.preparationUnitsOfDose(new BigDecimal("3.3333"), "mg"))
                    .contains(new BigDecimal("0.33333"));
            assertThat(amount("1 mg").dividedBy(amount("3 mg")))
                    .contains(new BigDecimal("0.333333333333"));
        }

        @Test
        void in_a_unit_of_another_kind_are_unknown() {
            assertThat(SEVEN.preparationUnitsOfDose(BigDecimal.ONE, "ml")).isEmpty();
            assertThat(SEVEN.preparationUnitsOfDose(BigDecimal.ONE, "U")).isEmpty();
        }

        @Test
        void of_a_cream_in_grams_are_unknown_since_drug_and_form_are_both_weighed() {
            Drug cream =
                    drug(
                            "XD07ACA001A001010100001",
                            "糠酸莫米松乳膏",
                            new Strength("10g:10mg", amount("10 mg"), amount("10 g")),
                            "支",
                            1,
                            OURS);
            assertThat(cream.preparationUnitsOfDose(BigDecimal.ONE, "g")).isEmpty();
            assertThat(cream.preparationUnitsOfDose(BigDecimal.ONE, "支")).contains(BigDecimal.ONE);
        }

        @Test
        void of_nothing_are_refused() {
            assertThatThrownBy(() -> SEVEN.preparationUnitsOfDose(BigDecimal.ZERO, "mg"))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void a_day_are_counted_by_the_defined_daily_dose() {
            assertThat(SEVEN.dailyDosesPerUnit().orElseThrow()).isEqualByComparingTo("1");
            assertThat(STRONGER.dailyDosesPerUnit().orElseThrow()).isEqualByComparingTo("2");
        }
    }

    @Nested
    class Itself {
        @Test
        void reads_as_people_write_it() {
            assertThat(SEVEN.display()).isEqualTo("苯磺酸氨氯地平片 5mg×7片/盒");
        }

        @Test
        void cannot_hold_a_pack_of_nothing_nor_units_in_themselves() {
            assertThatThrownBy(() -> amlodipine("XC08CAA013A001010100001", "5 mg", 0, OURS))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /// Packs cover a quantity, and one pack less would not.
    @Property
    void packs_are_never_too_few_nor_one_too_many(
            @ForAll @IntRange(min = 1, max = 1000) int factor,
            @ForAll @IntRange(min = 1, max = 100_000) int halves) {
        Drug drug = amlodipine("XC08CAA013A001010100001", "5 mg", factor, OURS);
        BigDecimal units = BigDecimal.valueOf(halves).divide(BigDecimal.TWO);
        assertThat(drug.surplusOf(units)).isBetween(BigDecimal.ZERO, BigDecimal.valueOf(factor));
        assertThat(drug.surplusOf(units)).isLessThan(BigDecimal.valueOf(factor));
    }
}
