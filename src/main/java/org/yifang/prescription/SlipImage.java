package org.yifang.prescription;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// A slip as PNG, with the fonts that the machine has: without a Chinese one it is English only,
/// without any it is the QR code alone.
final class SlipImage implements SlipCanvas {
    private static final Logger LOG = LoggerFactory.getLogger(SlipImage.class);
    private static final double SCALE = 3;
    private static final String SAMPLE = "取药码有效期至处方医院";

    private final BufferedImage image;
    private final Graphics2D pen;
    private boolean fonts = true;

    SlipImage() {
        System.setProperty("java.awt.headless", "true");
        image =
                new BufferedImage(
                        (int) (WIDTH * SCALE),
                        (int) (HEIGHT * SCALE),
                        BufferedImage.TYPE_BYTE_GRAY);
        pen = image.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, image.getWidth(), image.getHeight());
        pen.scale(SCALE, SCALE);
        pen.setColor(Color.BLACK);
        pen.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    }

    /// Looked for once: the logical font, else any other that has Chinese.
    private static final class Chinese {
        static final Font FONT = find();

        private static Font find() {
            Font usual = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
            if (usual.canDisplayUpTo(SAMPLE) < 0) {
                return usual;
            }
            return Arrays.stream(GraphicsEnvironment.getLocalGraphicsEnvironment().getAllFonts())
                    .filter(font -> font.canDisplayUpTo(SAMPLE) < 0)
                    .findFirst()
                    .orElse(usual);
        }
    }

    @Override
    public void text(double x, double y, double size, String text) {
        draw(x, y, text, () -> Chinese.FONT.deriveFont((float) size));
    }

    @Override
    public void letters(double x, double y, double size, String letters) {
        draw(x, y, letters, () -> new Font(Font.MONOSPACED, Font.BOLD, (int) size));
    }

    private void draw(double x, double y, String text, java.util.function.Supplier<Font> wanted) {
        if (!fonts) {
            return;
        }
        try {
            Font font = wanted.get();
            StringBuilder shown = new StringBuilder();
            text.codePoints().filter(font::canDisplay).forEach(shown::appendCodePoint);
            pen.setFont(font);
            pen.drawString(shown.toString(), (float) x, (float) y);
        } catch (RuntimeException | InternalError | LinkageError none) {
            // The JDK fails in many ways where the machine has no font system at all.
            LOG.warn("a slip is drawn without text: {}", none.toString());
            fonts = false;
        }
    }

    @Override
    public void square(double x, double y, double side) {
        pen.fill(new Rectangle2D.Double(x, y, side, side));
    }

    @Override
    public byte[] bytes() {
        pen.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // In memory: ImageIO's usual cache would leave a patient's slip on the disk.
        try (var memory = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(image, "png", memory);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
