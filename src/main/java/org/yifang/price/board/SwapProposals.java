package org.yifang.price.board;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.price.compare.Equivalence;
import org.yifang.price.compare.Swaps;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/// Which swaps a pharmacist should look at: for each product that is sold, the cheapest that is the
/// same drug of another maker (L2), and the cheapest that has the same substance and strength in
/// another form (L3, which holds only once it is approved). The dearest habit first.
final class SwapProposals {
    /// One swap.
    ///
    /// @param units sold of `one` in the period
    /// @param oneFen median of the pharmacies' prices for one unit
    /// @param level L2 or L3
    /// @param isApproved whether it holds: L2 by generic prescribing, L3 by a judgement
    record Proposal(
            Drug one,
            Drug other,
            double units,
            double oneFen,
            double otherFen,
            Equivalence level,
            boolean isApproved) {
        double savedFen() {
            return units * (oneFen - otherFen);
        }
    }

    private final Collection<Drug> drugs;
    private final Map<String, Double> unitFen;
    private final Swaps swaps;
    private final Set<Set<String>> judged;
    private final Map<String, List<Drug>> bySet = new HashMap<>();
    private final Map<String, List<Drug>> byContent = new HashMap<>();

    /// @param unitFen median price of one unit of each product
    /// @param judged pairs of sets that were decided and do not hold: not proposed again
    SwapProposals(
            Collection<Drug> drugs,
            Map<String, Double> unitFen,
            Swaps swaps,
            Set<Set<String>> judged) {
        this.drugs = drugs;
        this.unitFen = unitFen;
        this.swaps = swaps;
        this.judged = judged;
        for (Drug drug : drugs) {
            if (drug.comparableAcrossMakers() && unitFen.containsKey(drug.code().value())) {
                bySet.computeIfAbsent(drug.substitutionSet(), _ -> new ArrayList<>()).add(drug);
                String content = content(drug);
                if (content != null) {
                    byContent.computeIfAbsent(content, _ -> new ArrayList<>()).add(drug);
                }
            }
        }
    }

    /// The same substance in the same strength, whatever its form is called.
    private static @Nullable String content(Drug drug) {
        String atc = drug.atc();
        return atc == null || atc.length() < 7 ? null : atc + "|" + drug.strength().key();
    }

    /// @param sold units of each product
    List<Proposal> of(Map<String, Double> sold) {
        List<Proposal> proposals = new ArrayList<>();
        for (Drug drug : drugs) {
            double units = sold.getOrDefault(drug.code().value(), 0.0);
            if (units > 0
                    && drug.comparableAcrossMakers()
                    && unitFen.containsKey(drug.code().value())) {
                cheapest(proposals, drug, units, bySet.get(drug.substitutionSet()), this::isLike);
                String content = content(drug);
                if (content != null) {
                    cheapest(proposals, drug, units, byContent.get(content), this::isForm);
                }
            }
        }
        proposals.sort(
                Comparator.comparingDouble((Proposal one) -> -one.savedFen())
                        .thenComparing(one -> one.one().code().value())
                        .thenComparing(one -> one.other().code().value()));
        return proposals;
    }

    private boolean isLike(Drug one, Drug other) {
        return !one.maker().equals(other.maker()) && !swaps.excluded(one, other);
    }

    private boolean isForm(Drug one, Drug other) {
        return !one.substitutionSet().equals(other.substitutionSet())
                && !swaps.excluded(one, other)
                && !judged.contains(Set.of(one.substitutionSet(), other.substitutionSet()));
    }

    private void cheapest(
            List<Proposal> to,
            Drug one,
            double units,
            @Nullable List<Drug> others,
            BiPredicate<Drug, Drug> fits) {
        if (others == null) {
            return;
        }
        double oneFen = fen(one);
        others.stream()
                .filter(other -> fits.test(one, other) && fen(other) < oneFen)
                .min(
                        Comparator.comparingDouble(this::fen)
                                .thenComparing(other -> other.code().value()))
                .ifPresent(other -> {
                    boolean like = one.substitutionSet().equals(other.substitutionSet());
                    to.add(
                            new Proposal(
                                    one,
                                    other,
                                    units,
                                    oneFen,
                                    fen(other),
                                    like ? Equivalence.L2 : Equivalence.L3,
                                    like || swaps.approved(one, other)));
                });
    }

    private double fen(Drug drug) {
        return unitFen.getOrDefault(drug.code().value(), Double.NaN);
    }
}
