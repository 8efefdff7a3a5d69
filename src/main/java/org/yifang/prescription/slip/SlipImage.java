package org.yifang.prescription.slip;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// A slip as PNG, in a font of our own; on a machine without any font system it is the QR code
/// alone.
final class SlipImage implements SlipCanvas {
    private static final Logger LOG = LoggerFactory.getLogger(SlipImage.class);
    private static final double SCALE = 3;
    private static final double LETTER_WIDTH = 0.6;
    private static final FontRenderContext UNSCALED = new FontRenderContext(null, true, true);
    private static final String FONT_FILE = "/fonts/NotoSansSC-GB2312.otf";

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

    /// Read once. Our own file, since few servers have a Chinese font: Noto Sans with the
    /// characters of GB 2312.
    private static final class Chinese {
        static final Font FONT = read();

        private static Font read() {
            try (InputStream file = SlipImage.class.getResourceAsStream(FONT_FILE)) {
                return Font.createFont(Font.TRUETYPE_FONT, Objects.requireNonNull(file));
            } catch (IOException | FontFormatException broken) {
                throw new IllegalStateException(FONT_FILE + " cannot be read", broken);
            }
        }
    }

    @Override
    public void text(double x, double y, double size, String text) {
        draw(x, y, text, () -> Chinese.FONT.deriveFont((float) size));
    }

    @Override
    public void letters(double x, double y, double size, String letters) {
        double cell = size * LETTER_WIDTH;
        for (int i = 0; i < letters.length(); i++) {
            String letter = letters.substring(i, i + 1);
            double width = Chinese.FONT.getStringBounds(letter, UNSCALED).getWidth() * size;
            draw(
                    x + i * cell + (cell - width) / 2,
                    y,
                    letter,
                    () -> Chinese.FONT.deriveFont(Font.BOLD, (float) size));
        }
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
