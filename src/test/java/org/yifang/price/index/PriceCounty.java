package org.yifang.price.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A county of two years whose true change of prices is known, line by line, and what may be done
/// to it without changing a price.
///
/// Each pharmacy has its size, its level of prices and an effect of its own on top of the true
/// change; so has each product in it. Effects have mean 1, so that the true change is the expected
/// one. Every set has a brand, three times as dear, and a generic.
final class PriceCounty {
    static final int MONTHS = 24;
    static final int[] MONTH_IN = new int[MONTHS];

    /// Tablets in a box.
    static final int[] PACKS = {6, 7, 10, 14, 24, 28};

    private static final double BRAND = 3;
    private static final double LINES_A_MONTH = 250;

    static {
        Arrays.fill(MONTH_IN, 0, 12, -1);
        Arrays.fill(MONTH_IN, 12, MONTHS, 1);
    }

    /// @param change true ratio of prices
    /// @param sizeSpread standard deviation of the log size of a pharmacy
    /// @param pharmacySpread of the log effect of a pharmacy
    /// @param productSpread of the log effect of a product in a pharmacy
    /// @param churn part of the items that are not sold in a year, each year its own
    /// @param season depth of the wave of quantities and prices over the year
    record Setting(
            int pharmacies,
            int sets,
            double change,
            double sizeSpread,
            double pharmacySpread,
            double productSpread,
            double churn,
            double season) {
        static Setting of(int pharmacies, double change) {
            return new Setting(pharmacies, 20, change, 0.5, 0.04, 0.04, 0, 0);
        }

        Setting withSpread(double size, double pharmacy, double product) {
            return new Setting(pharmacies, sets, change, size, pharmacy, product, churn, season);
        }

        Setting withChurnAndSeason(double parts, double depth) {
            return new Setting(
                    pharmacies,
                    sets,
                    change,
                    sizeSpread,
                    pharmacySpread,
                    productSpread,
                    parts,
                    depth);
        }
    }

    /// What a pharmacy sold of a product in a month.
    record Line(int pharmacy, int product, int month, double quantity, double fen) {
        double unit() {
            return fen / quantity;
        }
    }

    private final Setting setting;
    final List<Line> lines = new ArrayList<>();

    private PriceCounty(Setting setting) {
        this.setting = setting;
    }

    static PriceCounty draw(Setting setting, Random random) {
        return draw(setting, random, 0, 0);
    }

    /// @param cutters part of the pharmacies that cut
    /// @param depth by how much they cut
    static PriceCounty draw(Setting setting, Random random, double cutters, double depth) {
        PriceCounty county = new PriceCounty(setting);
        double[] price = new double[setting.sets];
        for (int i = 0; i < price.length; i++) {
            price[i] = 100 * Math.exp(0.8 * random.nextGaussian());
        }
        for (int g = 0; g < setting.pharmacies; g++) {
            double size = LINES_A_MONTH * Math.exp(setting.sizeSpread * random.nextGaussian());
            double growth = Math.exp(0.3 * random.nextGaussian());
            double effect = effect(setting.pharmacySpread, random);
            effect *= random.nextDouble() < cutters ? 1 - depth : 1;
            double level = Math.exp(0.08 * random.nextGaussian());
            for (int product = 0; product < 2 * setting.sets; product++) {
                double before = price[product / 2] * level * (product % 2 == 0 ? BRAND : 1);
                double after =
                        before * setting.change * effect * effect(setting.productSpread, random);
                double packs = size / price.length * random.nextDouble();
                boolean sold = random.nextDouble() >= setting.churn;
                boolean soldAgain = random.nextDouble() >= setting.churn;
                county.sell(g, product, sold ? packs : 0, before, 0, random);
                county.sell(g, product, soldAgain ? packs * growth : 0, after, 12, random);
            }
        }
        return county;
    }

    private void sell(
            int pharmacy, int product, double packs, double price, int from, Random random) {
        for (int month = from; month < from + 12; month++) {
            double wave = Math.sin(2 * Math.PI * month / 12);
            long sold = poisson(packs * (1 + setting.season * wave), random);
            if (sold > 0) {
                double quantity = sold * PACKS[product % PACKS.length];
                double unit = price * (1 + setting.season / 4 * wave);
                lines.add(new Line(pharmacy, product, month, quantity, quantity * unit));
            }
        }
    }

    /// Buyers turn to the generic of the same drug in the second year; no price changes.
    PriceCounty toGenerics(double part) {
        return moved(
                part,
                line -> line.product % 2 == 0,
                line -> {
                    Line generic = like(line.pharmacy, line.product + 1);
                    return new Line(
                            line.pharmacy,
                            line.product + 1,
                            line.month,
                            line.quantity,
                            line.quantity * generic.unit());
                });
    }

    /// Buyers turn to the cheapest pharmacy in the second year; no price changes.
    PriceCounty toCheapPharmacies(double part) {
        Map<Integer, Line> cheapest = new HashMap<>();
        for (Line line : lines) {
            cheapest.merge(
                    line.product, line, (one, other) -> one.unit() <= other.unit() ? one : other);
        }
        return moved(
                part,
                line -> cheapest.get(line.product).pharmacy != line.pharmacy,
                line -> {
                    Line there = cheapest.get(line.product);
                    return new Line(
                            there.pharmacy,
                            line.product,
                            line.month,
                            line.quantity,
                            line.quantity * there.unit());
                });
    }

    private interface Which {
        boolean test(Line line);
    }

    private interface How {
        Line apply(Line line);
    }

    private PriceCounty moved(double part, Which which, How how) {
        List<Line> before = List.copyOf(lines);
        lines.clear();
        for (Line line : before) {
            if (line.month < 12 || !which.test(line)) {
                lines.add(line);
                continue;
            }
            Line stays =
                    new Line(
                            line.pharmacy,
                            line.product,
                            line.month,
                            line.quantity * (1 - part),
                            line.fen * (1 - part));
            Line goes =
                    new Line(
                            line.pharmacy,
                            line.product,
                            line.month,
                            line.quantity * part,
                            line.fen * part);
            lines.add(stays);
            origin = before;
            lines.add(how.apply(goes));
        }
        return this;
    }

    private List<Line> origin = List.of();

    private Line like(int pharmacy, int product) {
        return origin.stream()
                .filter(line -> line.pharmacy == pharmacy && line.product == product)
                .findFirst()
                .orElseGet(() ->
                        origin.stream()
                                .filter(line -> line.product == product)
                                .findFirst()
                                .orElseThrow());
    }

    /// A part of the first year's lines counts boxes where tablets are meant, so that each seems to
    /// have cost many times what it did.
    PriceCounty boxesForTablets(double part, Random random) {
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.month < 12 && random.nextDouble() < part) {
                double boxes = line.quantity / PACKS[line.product % PACKS.length];
                lines.set(i, new Line(line.pharmacy, line.product, line.month, boxes, line.fen));
            }
        }
        return this;
    }

    /// Adds the lines up as [CheckedSalesStore] does.
    ItemTable checked() {
        Map<Integer, List<Line>> cells = new HashMap<>();
        for (Line line : lines) {
            cells.computeIfAbsent(line.product * MONTHS + line.month, _ -> new ArrayList<>())
                    .add(line);
        }
        int[] setOf = new int[2 * setting.sets];
        Arrays.setAll(setOf, product -> product / 2);
        ItemTable table = new ItemTable(setting.pharmacies, setOf, MONTHS);
        for (List<Line> cell : cells.values()) {
            double[] units = cell.stream().mapToDouble(Line::unit).sorted().toArray();
            double median = org.yifang.statistics.Quantiles.type7(units, 0.5);
            for (Line line : cell) {
                double ratio = line.unit() / median;
                boolean held = ratio > PriceFigures.APART || ratio < 1 / PriceFigures.APART;
                double counted = held ? median * line.quantity : line.fen;
                double weight = held ? Math.max(line.fen, counted) : line.fen;
                var period = line.month < 12 ? ItemTable.Period.BASELINE : ItemTable.Period.CURRENT;
                table.addMonth(line.product, line.month, line.quantity, counted);
                table.addPeriod(line.pharmacy, line.product, period, line.quantity, counted);
                table.charged(period, weight, held ? weight : 0);
            }
        }
        return table;
    }

    PriceFigures figures(long seed) {
        double[] doses = new double[setting.sets];
        Arrays.fill(doses, 1);
        return java.util.Objects.requireNonNull(PriceFigures.of(checked(), doses, MONTH_IN, seed));
    }

    private static double effect(double spread, Random random) {
        return Math.exp(spread * random.nextGaussian() - spread * spread / 2);
    }

    private static long poisson(double mean, Random random) {
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        long count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }
}
