package org.yifang.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Expected values were worked out apart from this code, from the formulas, with NumPy.
class LinearRegressionTest {
    private static final double[] Y = {
        3.1, 3.3, 2.9, 3.4, 3.2, 3.5, 3.1, 3.6, 3.3, 3.4, 2.4, 2.2, 2.5, 2.1, 2.3, 2.0, 2.2, 1.9,
        2.1, 1.8
    };
    private static final double[][] DESIGN = new double[20][];

    static {
        for (int t = 0; t < 20; t++) {
            double after = t >= 10 ? 1 : 0;
            DESIGN[t] = new double[] {1, t, after, after * (t - 10)};
        }
    }

    @Test
    void least_squares() {
        LinearRegression fit = LinearRegression.ordinary(DESIGN, Y);
        near(fit.coefficients(), 3.12727273, 0.03393939, -1.06848485, -0.08909091);
        near(errors(fit), 0.10127357, 0.01897028, 0.15527842, 0.02682802);
        assertThat(fit.degreesOfFreedom()).isEqualTo(16);
    }

    @Test
    void newey_west() {
        assertThat(LinearRegression.neweyWestLags(20)).isEqualTo(2);
        assertThat(LinearRegression.neweyWestLags(100)).isEqualTo(4);
        LinearRegression fit = LinearRegression.neweyWest(DESIGN, Y);
        near(errors(fit), 0.05176544, 0.00787725, 0.06358358, 0.01121213);
    }

    @Test
    void prais_winsten() {
        LinearRegression fit = LinearRegression.praisWinsten(DESIGN, Y);
        assertThat(fit.autocorrelation()).isCloseTo(-0.854565123779, within(1e-8));
        near(fit.coefficients(), 3.13012546, 0.03390017, -1.08574182, -0.08476355);
        near(errors(fit), 0.03303473, 0.00622878, 0.05172455, 0.00848029);
    }

    @Test
    void refuses_too_few_points_and_columns_that_repeat_each_other() {
        assertThatThrownBy(() ->
                        LinearRegression.ordinary(
                                new double[][] {{1, 0}, {1, 1}}, new double[] {1, 2}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        LinearRegression.ordinary(
                                new double[][] {{1, 2}, {1, 2}, {1, 2}}, new double[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void quasi_poisson() {
        double[] counts = {12, 15, 9, 14, 18, 11, 25, 22, 30, 19, 27, 24};
        double[] exposure = {100, 110, 90, 105, 120, 95, 100, 105, 115, 90, 110, 100};
        double[][] design = new double[12][];
        for (int i = 0; i < 12; i++) {
            design[i] = new double[] {1, i >= 6 ? 1 : 0};
        }
        QuasiPoisson fit = QuasiPoisson.fit(design, counts, exposure);
        near(fit.coefficients(), -2.06027163, 0.62098473);
        near(fit.standardErrors(), 0.05308778, 0.06582489);
        assertThat(fit.dispersion()).isCloseTo(0.2226467058, within(1e-8));
        assertThat(fit.rate(1, 0.95).ratio()).isCloseTo(Math.exp(0.62098473), within(1e-6));
    }

    @Test
    void a_halved_series_shows_a_halving() {
        int[] week = IntStream.range(0, 24).toArray();
        double[] median =
                Arrays.stream(week)
                        .mapToDouble(w -> (w < 12 ? 40 : 20) * (1 + 0.03 * Math.sin(w * 1.7)))
                        .toArray();
        InterruptedSeries series =
                InterruptedSeries.fit(week, median, filled(week.length, 2e-4), 12, 0.95);
        assertThat(series.seasonPairs()).isZero();
        assertThat(series.effect().value()).isCloseTo(-0.5, within(0.03));
        assertThat(series.effect().interval().contains(0)).isFalse();
        assertThat(series.neweyWest().value()).isCloseTo(-0.5, within(0.03));
        assertThat(series.praisWinsten().value()).isCloseTo(-0.5, within(0.03));
        assertThat(series.counterfactual()[23]).isCloseTo(40, within(3.0));
    }

    @Test
    void a_year_in_the_series_gives_it_a_season() {
        int[] week = IntStream.range(0, 104).toArray();
        double[] median =
                Arrays.stream(week)
                        .mapToDouble(w ->
                                (w < 52 ? 40 : 20)
                                        * Math.exp(0.2 * Math.sin(2 * Math.PI * w / 52.1775)))
                        .toArray();
        InterruptedSeries series =
                InterruptedSeries.fit(week, median, filled(week.length, 1e-4), 52, 0.95);
        assertThat(series.seasonPairs()).isEqualTo(1);
        assertThat(series.effect().value()).isCloseTo(-0.5, within(0.01));
        assertThat(series.counterfactual()[60] / median[60]).isCloseTo(2, within(0.05));
    }

    @Test
    void a_change_at_the_edge_of_a_series_cannot_be_seen() {
        int[] week = IntStream.range(0, 10).toArray();
        double[] median = {40, 41, 39, 40, 42, 20, 21, 19, 20, 21};
        assertThatThrownBy(() -> InterruptedSeries.fit(week, median, filled(10, 1e-3), 9, 0.95))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static double[] filled(int n, double value) {
        double[] filled = new double[n];
        Arrays.fill(filled, value);
        return filled;
    }

    @Test
    void what_happened_everywhere_is_taken_away() {
        DifferenceInDifferences both = DifferenceInDifferences.of(40, 16, 40, 32);
        assertThat(both.share()).isCloseTo(-0.5, within(1e-12));
        int[] week = {0, 1, 2, 3};
        double[] rising = {10, 11, 12.1, 13.31};
        double[] flat = {10, 10, 10, 10};
        assertThat(
                        DifferenceInDifferences.preTrend(week, rising, flat, filled(4, 1e-4), 0.95)
                                .value())
                .isCloseTo(Math.log(1.1), within(1e-9));
    }

    private static double[] errors(LinearRegression fit) {
        return IntStream.range(0, fit.coefficients().length)
                .mapToDouble(a -> Math.sqrt(fit.covariance()[a][a]))
                .toArray();
    }

    private static void near(double[] actual, double... expected) {
        assertThat(actual).containsExactly(expected, within(6e-9));
    }
}
