package org.yifang.statistics;

/// Bilateral index numbers: how much dearer the goods of one period are than those of another.
///
/// Every formula takes prices and quantities of the base period (`p0`, `q0`) and of the current one
/// (`p1`, `q1`), one element per product, all positive, and answers 1 when nothing changed.
/// Formulas: ILO/IMF, Producer Price Index Manual (2004), chapters 15 to 17.
public enum PriceIndex {
    LASPEYRES {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            return dot(p1, q0) / dot(p0, q0);
        }
    },
    PAASCHE {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            return dot(p1, q1) / dot(p0, q1);
        }
    },
    FISHER {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            return Math.sqrt(LASPEYRES.of(p0, q0, p1, q1) * PAASCHE.of(p0, q0, p1, q1));
        }
    },
    MARSHALL_EDGEWORTH {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            return (dot(p1, q0) + dot(p1, q1)) / (dot(p0, q0) + dot(p0, q1));
        }
    },
    WALSH {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            double now = 0;
            double then = 0;
            for (int i = 0; i < p0.length; i++) {
                double quantity = Math.sqrt(q0[i] * q1[i]);
                now += p1[i] * quantity;
                then += p0[i] * quantity;
            }
            return now / then;
        }
    },
    PALGRAVE {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            return arithmetic(shares(p1, q1), p0, p1);
        }
    },
    TORNQVIST {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            double[] then = shares(p0, q0);
            double[] now = shares(p1, q1);
            double[] both = new double[then.length];
            for (int i = 0; i < both.length; i++) {
                both[i] = (then[i] + now[i]) / 2;
            }
            return geometric(both, p0, p1);
        }
    },
    SATO_VARTIA {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            double[] then = shares(p0, q0);
            double[] now = shares(p1, q1);
            double[] between = new double[then.length];
            double sum = 0;
            for (int i = 0; i < between.length; i++) {
                between[i] = logarithmicMean(then[i], now[i]);
                sum += between[i];
            }
            for (int i = 0; i < between.length; i++) {
                between[i] /= sum;
            }
            return geometric(between, p0, p1);
        }
    },
    GEOMETRIC_LASPEYRES {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            return geometric(shares(p0, q0), p0, p1);
        }
    },
    GEOMETRIC_PAASCHE {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            return geometric(shares(p1, q1), p0, p1);
        }
    },
    HARMONIC_LASPEYRES {
        @Override
        public double of(double[] p0, double[] q0, double[] p1, double[] q1) {
            return 1 / arithmetic(shares(p0, q0), p1, p0);
        }
    };

    public abstract double of(double[] p0, double[] q0, double[] p1, double[] q1);

    /// The same formula with quantities in the place of prices: how much more was bought.
    public double quantityIndex(double[] p0, double[] q0, double[] p1, double[] q1) {
        return of(q0, p0, q1, p1);
    }

    /// Geometric mean of the price ratios, without weights.
    public static double jevons(double[] p0, double[] p1) {
        double sum = 0;
        for (int i = 0; i < p0.length; i++) {
            sum += Math.log(p1[i] / p0[i]);
        }
        return Math.exp(sum / p0.length);
    }

    /// What each product has of the value of its period; sums to 1.
    static double[] shares(double[] p, double[] q) {
        double sum = dot(p, q);
        double[] shares = new double[p.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = p[i] * q[i] / sum;
        }
        return shares;
    }

    /// (a - b) / (ln a - ln b), and a where both are equal.
    static double logarithmicMean(double a, double b) {
        // Close to a = b the quotient loses its digits; the arithmetic mean is then exact enough.
        if (Math.abs(a - b) <= 1e-9 * Math.max(a, b)) {
            return (a + b) / 2;
        }
        return (a - b) / Math.log(a / b);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double arithmetic(double[] weights, double[] from, double[] to) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * (to[i] / from[i]);
        }
        return sum;
    }

    private static double geometric(double[] weights, double[] from, double[] to) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * Math.log(to[i] / from[i]);
        }
        return Math.exp(sum);
    }
}
