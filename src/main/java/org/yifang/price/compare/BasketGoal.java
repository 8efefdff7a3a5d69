package org.yifang.price.compare;

import java.util.Comparator;

/// What of a basket is to be least.
enum BasketGoal {
    MONEY,
    TIME,
    BOTH;

    /// The comparison of plans that it means.
    Comparator<BasketPlan> order(long fenPerHour) {
        return switch (this) {
            case MONEY -> BasketPlan.CHEAPEST;
            case TIME -> BasketPlan.SOONEST;
            case BOTH -> BasketPlan.balanced(fenPerHour);
        };
    }
}
