package org.yifang.price.board;

import org.yifang.price.compare.Swaps;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Which pharmacy sells which drug how much dearer than the cheapest tenth of the county does.
///
/// OpenPrescribing's price-per-unit method over substitution sets, those joined that a pharmacist
/// has found equivalent.
///
/// @param totalFen over all of them, those below the least amount too
/// @param ranked the largest first; equal ones by pharmacy and set
public record SavingsRanking(double totalFen, List<Saving> ranked) {
    /// @param group the substitution set, or the least of those that were joined
    /// @param targetFen for one preparation unit: the tenth percentile over the pharmacies
    /// @param possibleFen what the units would have cost less at the target, never below 0
    public record Saving(
            UUID pharmacyId,
            String group,
            double units,
            double fen,
            double targetFen,
            double possibleFen) {}

    private record Key(UUID pharmacyId, String group) {}

    /// @param leastFen smaller savings are not listed
    public static SavingsRanking of(List<PriceBoardStore.Sold> sold, Swaps swaps, long leastFen) {
        Map<Key, double[]> sums = new HashMap<>();
        for (PriceBoardStore.Sold one : sold) {
            double[] sum =
                    sums.computeIfAbsent(
                            new Key(one.pharmacyId(), swaps.groupOf(one.set())),
                            _ -> new double[2]);
            sum[0] += one.units();
            sum[1] += one.fen();
        }
        Map<String, List<Double>> prices = new HashMap<>();
        sums.forEach((key, sum) ->
                prices.computeIfAbsent(key.group, _ -> new ArrayList<>()).add(sum[1] / sum[0]));
        Map<String, Double> targets = new HashMap<>();
        prices.forEach((group, each) ->
                targets.put(
                        group,
                        Savings.target(each.stream().mapToDouble(price -> price).toArray())));
        List<Saving> all = new ArrayList<>();
        sums.forEach((key, sum) -> {
            double target = targets.getOrDefault(key.group, Double.NaN);
            all.add(
                    new Saving(
                            key.pharmacyId,
                            key.group,
                            sum[0],
                            sum[1],
                            target,
                            Savings.possible(sum[1], sum[0], target)));
        });
        // Sorted before it is added up: the sum is the same however the rows came.
        all.sort(
                Comparator.comparingDouble((Saving one) -> -one.possibleFen)
                        .thenComparing(Saving::pharmacyId)
                        .thenComparing(Saving::group));
        return new SavingsRanking(
                all.stream().mapToDouble(Saving::possibleFen).sum(),
                all.stream()
                        .filter(one -> one.possibleFen > 0 && one.possibleFen >= leastFen)
                        .toList());
    }
}
