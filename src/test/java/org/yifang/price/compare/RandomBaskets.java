package org.yifang.price.compare;

import static org.yifang.price.compare.Basket.MISSING;

import org.yifang.price.compare.Basket.Seller;
import org.yifang.registry.Place;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Draws baskets for properties that must hold whatever the prices.
final class RandomBaskets {
    static Basket draw(Random random, int sellers, int lines, boolean chained) {
        List<Seller> all = new ArrayList<>();
        long[][] fen = new long[sellers][lines];
        for (int j = 0; j < sellers; j++) {
            double[] opens = {};
            double[] closes = {};
            if (chained && random.nextInt(3) == 0) {
                double opensAt = random.nextInt(200);
                opens = new double[] {opensAt, opensAt + 1440};
                closes = new double[] {opensAt + 30 + random.nextInt(600), opensAt + 2400};
            }
            Place place =
                    new Place(29.7 + random.nextDouble() / 10, 113.8 + random.nextDouble() / 10);
            all.add(
                    new Seller(
                            "P" + j,
                            place,
                            random.nextInt(30),
                            random.nextInt(300),
                            opens,
                            closes));
            for (int line = 0; line < lines; line++) {
                fen[j][line] = random.nextInt(4) == 0 ? MISSING : 100 + random.nextInt(5000);
            }
        }
        Place from = chained ? new Place(29.75, 113.85) : null;
        int stops = chained ? 1 + random.nextInt(5) : 5;
        return new Basket(all, fen, from, random.nextInt(6000), stops, random.nextLong());
    }

    private RandomBaskets() {}
}
