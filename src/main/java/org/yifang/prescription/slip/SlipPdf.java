package org.yifang.prescription.slip;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A slip as PDF. It names fonts that every reader has (PDF 32000-1: the 14 standard ones, and a
/// Chinese one by predefined CMap), so the service itself needs no font and no display.
final class SlipPdf implements SlipCanvas {
    private static final Charset LATIN = StandardCharsets.ISO_8859_1;
    private final StringBuilder page = new StringBuilder();

    @Override
    public void text(double x, double y, double size, String text) {
        page.append("BT 1 0 0 1 ").append(point(x)).append(' ').append(point(HEIGHT - y));
        page.append(" Tm\n");
        int from = 0;
        while (from < text.length()) {
            boolean latin = text.charAt(from) < 0x7F;
            int to = from;
            while (to < text.length() && text.charAt(to) < 0x7F == latin) {
                to++;
            }
            String run = text.substring(from, to);
            page.append(latin ? "/F1 " : "/F3 ").append(point(size)).append(" Tf ");
            page.append(latin ? literal(run) : hex(run)).append(" Tj\n");
            from = to;
        }
        page.append("ET\n");
    }

    @Override
    public void letters(double x, double y, double size, String letters) {
        page.append("BT /F2 ").append(point(size)).append(" Tf ").append(point(x)).append(' ');
        page.append(point(HEIGHT - y)).append(" Td ").append(literal(letters)).append(" Tj ET\n");
    }

    @Override
    public void square(double x, double y, double side) {
        page.append(point(x)).append(' ').append(point(HEIGHT - y - side)).append(' ');
        page.append(point(side)).append(' ').append(point(side)).append(" re f\n");
    }

    private static String point(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String literal(String run) {
        return "(" + run.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")";
    }

    private static String hex(String run) {
        StringBuilder hex = new StringBuilder("<");
        run.chars().forEach(one -> hex.append("%04X".formatted(one)));
        return hex.append('>').toString();
    }

    @Override
    public byte[] bytes() {
        List<String> objects =
                List.of(
                        "<</Type/Catalog/Pages 2 0 R>>",
                        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 "
                                + WIDTH
                                + " "
                                + HEIGHT
                                + "]/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2 6 0 R/F3 7 0 R"
                                + ">>>>>>",
                        "<</Length " + page.length() + ">>\nstream\n" + page + "\nendstream",
                        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
                                + "/Encoding/WinAnsiEncoding>>",
                        "<</Type/Font/Subtype/Type1/BaseFont/Courier-Bold"
                                + "/Encoding/WinAnsiEncoding>>",
                        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light"
                                + "/Encoding/UniGB-UCS2-H/DescendantFonts[8 0 R]>>",
                        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
                                + "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
                                + "/DW 1000/FontDescriptor 9 0 R>>",
                        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6"
                                + "/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
                                + "/Descent -120/CapHeight 880/StemV 93>>");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, "%PDF-1.4\n");
        List<Integer> offsets = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            offsets.add(out.size());
            write(out, (i + 1) + " 0 obj\n" + objects.get(i) + "\nendobj\n");
        }
        int table = out.size();
        write(out, "xref\n0 " + (objects.size() + 1) + "\n0000000000 65535 f \n");
        offsets.forEach(
                offset -> write(out, String.format(Locale.ROOT, "%010d 00000 n \n", offset)));
        write(
                out,
                "trailer\n<</Size "
                        + (objects.size() + 1)
                        + "/Root 1 0 R>>\nstartxref\n"
                        + table
                        + "\n%%EOF\n");
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(LATIN));
    }
}
