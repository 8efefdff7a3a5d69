package org.yifang.console.patient;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Draws the answer of `$price-course` into a picture of 320 by 190.
final class CourseReader {
    private static final int LEFT = 46;
    private static final int RIGHT = 312;
    private static final int TOP = 12;
    private static final int BOTTOM = 152;
    private static final int TICKS = 3;

    private final Page page;
    private final JsonNode told;
    private final Map<String, Course.Alert> alerts;
    private final List<JsonNode> pharmacies = new ArrayList<>();
    private final List<JsonNode> bands = new ArrayList<>();
    private final Instant to;
    private Instant from;
    private double low = Double.MAX_VALUE;
    private double high;
    private String alertNote = "";

    CourseReader(Page page, JsonNode told, Map<String, Course.Alert> alerts) {
        this.page = page;
        this.told = told;
        this.alerts = alerts;
        this.to = page.at();
        this.from = page.at().minus(Duration.ofDays(1));
        for (JsonNode part : told.path("part")) {
            switch (part.path("name").asText()) {
                case "pharmacy" -> pharmacies.add(part);
                case "band" -> bands.add(part);
                default -> {}
            }
        }
    }

    Course read() {
        String line = Read.id(Parameters.find(told, "line").path("valueReference"));
        Course.Alert alert = alerts.get(line);
        bounds(alert);
        JsonNode cheapest = pharmacies.isEmpty() ? told : pharmacies.getFirst();
        JsonNode reference = Parameters.find(told, "reference").path("valueDecimal");
        return new Course(
                line,
                Parameters.find(told, "drug-name").path("valueString").asText(),
                Parameters.find(told, "unit").path("valueString").asText(),
                Read.unitPrice(Parameters.find(cheapest, "unit-price").path("valueDecimal")),
                name(cheapest),
                Read.unitPrice(reference),
                Parameters.find(told, "pharmacies").path("valueInteger").asInt(),
                pharmacies.stream().map(this::way).toList(),
                band(),
                line("median"),
                reference.isNumber() ? y(reference.asDouble()) : 0,
                alert == null ? 0 : y(Double.parseDouble(alert.price())),
                alertNote,
                across(),
                up(),
                bands.stream().map(this::county).toList(),
                steps(),
                alert);
    }

    /// All that is drawn lies inside, with a little room above and below.
    private void bounds(Course.@Nullable Alert alert) {
        for (JsonNode band : bands) {
            take(band, "low");
            take(band, "high");
            from = earlier(at(band));
        }
        for (JsonNode pharmacy : pharmacies) {
            for (JsonNode step : steps(pharmacy)) {
                take(step, "unit-price");
                from = earlier(at(step));
            }
        }
        if (alert != null) {
            take(alert);
        }
        double room = Math.max((high - low) * 0.08, high * 0.01);
        low = Math.max(0, low - room);
        high += room;
    }

    /// One far away would press all lines flat: they keep half of the height, and it stands at the
    /// edge with its value.
    private void take(Course.Alert alert) {
        double wanted = Double.parseDouble(alert.price());
        double reach = Math.max(high - low, high * 0.05);
        if (low > high || wanted >= low - reach && wanted <= high + reach) {
            take(wanted);
            return;
        }
        String price = "¥" + alert.price();
        if (wanted < low) {
            low -= reach;
            alertNote = page.t("↓ 您等的价格低得多：", "↓ far below, you wait for ") + price;
        } else {
            high += reach;
            alertNote = page.t("↑ 您等的价格高得多：", "↑ far above, you wait for ") + price;
        }
    }

    private Instant earlier(Instant at) {
        return at.isBefore(from) ? at : from;
    }

    private void take(JsonNode part, String name) {
        take(value(part, name));
    }

    private void take(double value) {
        low = Math.min(low, value);
        high = Math.max(high, value);
    }

    private static double value(JsonNode part, String name) {
        return Parameters.find(part, name).path("valueDecimal").asDouble();
    }

    private static Instant at(JsonNode part) {
        return Read.instant(Parameters.find(part, "at").path("valueInstant").asText());
    }

    private static List<JsonNode> steps(JsonNode pharmacy) {
        List<JsonNode> steps = new ArrayList<>();
        for (JsonNode part : pharmacy.path("part")) {
            if (part.path("name").asText().equals("step")) {
                steps.add(part);
            }
        }
        return steps;
    }

    private static String name(JsonNode pharmacy) {
        return Parameters.find(pharmacy, "pharmacy").at("/valueReference/display").asText();
    }

    private int x(Instant at) {
        double share =
                (double) Duration.between(from, at).toSeconds()
                        / Math.max(1, Duration.between(from, to).toSeconds());
        return (int) Math.round(LEFT + Math.min(1, Math.max(0, share)) * (RIGHT - LEFT));
    }

    private int y(double yuan) {
        double share = high > low ? (yuan - low) / (high - low) : 0.5;
        return (int) Math.round(BOTTOM - Math.clamp(share, 0, 1) * (BOTTOM - TOP));
    }

    /// A price holds until the next: across, then up or down.
    private Course.Way way(JsonNode pharmacy) {
        StringBuilder path = new StringBuilder();
        for (JsonNode step : steps(pharmacy)) {
            int x = x(at(step));
            int y = y(value(step, "unit-price"));
            path.append(path.isEmpty() ? "M" + x + " " + y : "H" + x + "V" + y);
        }
        return new Course.Way(
                name(pharmacy),
                Read.unitPrice(Parameters.find(pharmacy, "unit-price").path("valueDecimal")),
                path.append("H").append(RIGHT).toString());
    }

    private String line(String name) {
        StringBuilder path = new StringBuilder();
        for (JsonNode band : bands) {
            path.append(path.isEmpty() ? "M" : "L")
                    .append(x(at(band)))
                    .append(' ')
                    .append(y(value(band, name)));
        }
        return path.toString();
    }

    /// There along the third quartile, back along the first.
    private String band() {
        StringBuilder path = new StringBuilder(line("high"));
        for (JsonNode band : bands.reversed()) {
            path.append("L").append(x(at(band))).append(' ').append(y(value(band, "low")));
        }
        return path.isEmpty() ? "" : path.append("Z").toString();
    }

    private List<Course.Tick> across() {
        Instant middle = from.plus(Duration.between(from, to).dividedBy(2));
        return List.of(
                new Course.Tick(LEFT, day(from)),
                new Course.Tick((LEFT + RIGHT) / 2, day(middle)),
                new Course.Tick(RIGHT, page.t("今天", "today")));
    }

    private List<Course.Tick> up() {
        List<Course.Tick> ticks = new ArrayList<>();
        for (int i = 0; i < TICKS && !pharmacies.isEmpty(); i++) {
            double yuan = low + (high - low) * (i + 0.5) / TICKS;
            ticks.add(new Course.Tick(y(yuan), String.format(Locale.ROOT, "%.2f", yuan)));
        }
        return ticks;
    }

    private static String day(Instant at) {
        return Read.whole(at).substring(0, 10);
    }

    private String[] county(JsonNode band) {
        return new String[] {
            day(at(band)),
            money(band, "low"),
            money(band, "median"),
            money(band, "high"),
            Parameters.find(band, "pharmacies").path("valueInteger").asText()
        };
    }

    private static String money(JsonNode part, String name) {
        return Read.unitPrice(Parameters.find(part, name).path("valueDecimal"));
    }

    /// The newest first within each pharmacy.
    private List<String[]> steps() {
        List<String[]> rows = new ArrayList<>();
        for (JsonNode pharmacy : pharmacies) {
            for (JsonNode step : steps(pharmacy).reversed()) {
                rows.add(new String[] {name(pharmacy), day(at(step)), money(step, "unit-price")});
            }
        }
        return rows;
    }
}
