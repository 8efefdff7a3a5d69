package org.yifang.price.compare;

/// The shortest way from home through some sellers, doors and waits left aside: no plan that goes
/// to all of them is quicker.
final class ShortestWay {
    private final Basket basket;
    private final long[] fromHome;

    /// @param fromHome thousandths of a minute to each seller
    ShortestWay(Basket basket, long[] fromHome) {
        this.basket = basket;
        this.fromHome = fromHome;
    }

    /// In thousandths of a minute, through the first `count` of the sellers.
    long through(int[] sellers, int count) {
        return extend(sellers, count, 0, -1, 0, Long.MAX_VALUE);
    }

    private long extend(int[] sellers, int count, int visited, int from, long so, long shortest) {
        if (visited == (1 << count) - 1) {
            return Math.min(shortest, so);
        }
        long least = shortest;
        for (int i = 0; i < count; i++) {
            if ((visited & 1 << i) == 0) {
                long leg =
                        from < 0
                                ? fromHome[sellers[i]]
                                : BasketPlan.milli(basket.between(from, sellers[i]));
                if (so + leg < least) {
                    int more = visited | 1 << i;
                    least = extend(sellers, count, more, sellers[i], so + leg, least);
                }
            }
        }
        return least;
    }
}
