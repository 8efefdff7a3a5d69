package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;

/// How alike two products are; the level stands beside every comparison.
public enum Equivalence {
    /// The same package code.
    L0,
    /// 四同: generic name, form, strength and maker; the pack may differ.
    L1,
    /// Generic name, form and strength, any maker: the substitution set.
    L2,
    /// A swap of form that a pharmacist has approved.
    L3,
    /// The same ATC-5: for the bureau's statistics only, never offered to a patient.
    L4;

    /// The level between two products, or null when they have nothing in common.
    ///
    /// @param swaps approved swaps and exclusions
    public static @Nullable Equivalence between(Drug one, Drug other, Swaps swaps) {
        if (one.code().equals(other.code())) {
            return L0;
        }
        if (one.isSameProductAs(other)) {
            return L1;
        }
        boolean comparable = one.comparableAcrossMakers() && other.comparableAcrossMakers();
        boolean sameSet = one.substitutionSet().equals(other.substitutionSet());
        if (sameSet && comparable && !swaps.excluded(one, other)) {
            return L2;
        }
        if (!sameSet && swaps.approved(one, other)) {
            return L3;
        }
        return one.atc() != null && one.atc().equals(other.atc()) ? L4 : null;
    }

    /// Whether a product may be handed out for what was prescribed without its prescriber.
    public static boolean mayFill(Drug prescribed, boolean productOnly, Drug drug, Swaps swaps) {
        return offered(prescribed, productOnly, drug, swaps) != null;
    }

    /// The level of a product that may be handed out, null where it may not.
    static @Nullable Equivalence offered(
            Drug prescribed, boolean productOnly, Drug drug, Swaps swaps) {
        Equivalence level =
                drug.preparationUnit().equals(prescribed.preparationUnit())
                        ? between(prescribed, drug, swaps)
                        : null;
        return level != null && level.mayBeOffered(productOnly) ? level : null;
    }

    /// What may be offered for a prescribed line without its prescriber. Generic prescribing lets
    /// every maker and pack of the substitution set fulfil it (that is no substitution in the sense
    /// of 药品管理法 art. 58); a swap of form does not.
    ///
    /// @param productOnly the prescriber allows no other product
    public boolean mayBeOffered(boolean productOnly) {
        return switch (this) {
            case L0 -> true;
            case L1, L2 -> !productOnly;
            case L3, L4 -> false;
        };
    }
}
