package org.yifang.prescription.counter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.counter.ReturnedPacks.Part;
import org.yifang.prescription.life.DispenseStore.KeptShare;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/// Which packs come back, over the answers that a pharmacy may give.
class ReturnedPacksTest {
    private static final KeptShare A = share("a", 7, 0, 0);
    private static final KeptShare B = share("b", 7, 0, 0);

    private static KeptShare share(String code, int quantity, int freed, int withdrawn) {
        return new KeptShare(
                code,
                BigDecimal.valueOf(quantity),
                BigDecimal.valueOf(freed),
                BigDecimal.valueOf(withdrawn));
    }

    private static Part part(String code, int units) {
        return new Part(code, BigDecimal.valueOf(units));
    }

    private static List<Part> back(
            List<KeptShare> shares, List<String> codes, int units, boolean sellable) {
        ReturnedPacks packs = ReturnedPacks.of(shares, codes, BigDecimal.valueOf(units), sellable);
        assertThat(packs.refused()).isNull();
        return packs.parts();
    }

    private static String refused(
            List<KeptShare> shares, List<String> codes, int units, boolean sellable) {
        ReturnedPacks packs = ReturnedPacks.of(shares, codes, BigDecimal.valueOf(units), sellable);
        assertThat(packs.parts()).isEmpty();
        var refused = Objects.requireNonNull(packs.refused());
        assertThat(refused.code()).isEqualTo(ProblemCode.TRACE_CODE);
        return refused.findings().getFirst().detail();
    }

    @Test
    void what_was_destroyed_is_not_freed_later() {
        KeptShare destroyed = share("a", 7, 0, 7);
        assertThat(back(List.of(destroyed, B), List.of(), 7, true)).containsExactly(part("b", 7));
        assertThat(refused(List.of(destroyed, B), List.of("a"), 7, true))
                .contains("`a` has come back already");
    }

    @Test
    void a_pack_of_which_a_part_was_destroyed_is_not_freed_either() {
        KeptShare part = share("a", 7, 0, 3);
        assertThat(refused(List.of(part), List.of("a"), 4, true)).contains("never sold again");
        assertThat(refused(List.of(part), List.of(), 4, true)).contains("never sold again");
        assertThat(back(List.of(part), List.of(), 4, false)).containsExactly(part("a", 4));
    }

    @Test
    void a_part_of_several_packs_has_to_be_named() {
        assertThat(refused(List.of(A, B), List.of(), 7, true)).contains("it is not said which");
        assertThat(refused(List.of(A, B), List.of(), 7, false)).contains("it is not said which");
        assertThat(back(List.of(A, B), List.of("b"), 7, true)).containsExactly(part("b", 7));
        assertThat(back(List.of(A, B), List.of("b", "a"), 9, true))
                .containsExactly(part("b", 7), part("a", 2));
    }

    @Test
    void all_that_is_out_needs_no_name() {
        assertThat(back(List.of(A, B), List.of(), 14, true))
                .containsExactly(part("a", 7), part("b", 7));
        assertThat(back(List.of(share("a", 7, 7, 0), B), List.of(), 3, true))
                .containsExactly(part("b", 3));
        assertThat(back(List.of(), List.of(), 3, true)).isEmpty();
    }

    @Test
    void names_and_quantity_agree() {
        assertThat(refused(List.of(A, B), List.of("a"), 8, false)).contains("`7` can come back");
        assertThat(refused(List.of(A, B), List.of("a", "b"), 7, false))
                .contains("more trace codes");
        assertThat(refused(List.of(A), List.of("c"), 7, true)).contains("no pack with trace code");
        assertThat(back(List.of(A), List.of("a", "a"), 7, true)).containsExactly(part("a", 7));
    }
}
