package org.yifang.prescription.slip;

/// What a pick-up slip is drawn on; places in points from the top left of an A5 page.
sealed interface SlipCanvas permits SlipPdf, SlipImage {
    int WIDTH = 420;
    int HEIGHT = 595;

    /// Text from `x` on, its foot at `y`.
    void text(double x, double y, double size, String text);

    /// Letters of one width, bold, for reading out one by one.
    void letters(double x, double y, double size, String letters);

    /// A black square.
    void square(double x, double y, double side);

    /// The finished page.
    byte[] bytes();
}
