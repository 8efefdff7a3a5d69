package org.yifang.console.bureau;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Codes;
import org.yifang.console.frame.Page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The charts of one stage of the queue report: weeks with their limits, the curves of those still
/// waiting, the interrupted series, the heat map, and the tables beside them.
final class QueueCharts {
    private static final List<String> DAYS =
            List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    private final Page page;
    private final JsonNode report;
    private final JsonNode group;
    private final String id;

    private QueueCharts(Page page, JsonNode report, JsonNode group) {
        this.page = page;
        this.report = report;
        this.group = group;
        this.id = Element.name(group.path("code"));
    }

    static List<Figure> of(Page page, JsonNode report, JsonNode group, Map<String, String> names) {
        QueueCharts charts = new QueueCharts(page, report, group);
        List<Figure> all = new ArrayList<>();
        charts.add(all, charts.weeks());
        charts.add(all, charts.curves());
        charts.add(all, charts.series());
        charts.add(all, charts.heat(false));
        charts.add(all, charts.heat(true));
        charts.add(all, charts.control());
        QueueTables tables = new QueueTables(page, group);
        charts.add(all, tables.beside());
        charts.add(all, tables.readings());
        charts.add(all, tables.departments());
        charts.add(all, tables.coverage(names));
        return all;
    }

    /// A stage's name, for people.
    static String stage(Page page, String code) {
        return code.equals("whole-visit")
                ? page.t("整次就诊", "Whole visit")
                : code.equals("no tickets")
                        ? page.t("没有票号", "No tickets")
                        : Codes.text("queue-stage", code, page.en());
    }

    private void add(List<Figure> all, Figure.Builder figure) {
        if (!figure.isEmpty()) {
            all.add(figure.build());
        }
    }

    private Figure.Builder figure(String name, String kind) {
        return Figure.of(page, name + "-" + id.replaceAll("[^A-Za-z0-9]", "-"), kind);
    }

    private Figure.Builder weeks() {
        Figure.Builder figure =
                figure("xmr", "xmr")
                        .title("每周中位等候与控制限（XmR）", "Weekly median wait with its limits (XmR)")
                        .note(
                                "限由基期各周算出；带圈的周不是偶然波动。",
                                "Limits come from the baseline; a ringed week is no chance.")
                        .column("week", "周（周一）", "Week (Monday)")
                        .column("side", "时期", "Period")
                        .column("tickets", "票号", "Tickets")
                        .column("median", "中位（分）", "Median (min)")
                        .column("sign", "判读", "Sign");
        for (JsonNode chart : Element.all(group, "process-chart")) {
            for (String name : List.of("centre", "lower", "upper")) {
                figure.fact(name, Element.value(chart, name));
            }
            figure.also(assurance(Element.value(chart, "assurance")));
        }
        weeks(figure, "baseline-week", page.t("基期", "baseline"));
        weeks(figure, "period-week", page.t("报告期", "period"));
        return figure;
    }

    /// Whether the target can be relied on, in words.
    private String assurance(String code) {
        return switch (code) {
            case "consistently-passes" ->
                    page.t(
                            "报告期各周稳定低于目标（基期均值的一半）。",
                            "The weeks of the period lie reliably below the target (half of the"
                                    + " baseline).");
            case "consistently-fails" ->
                    page.t(
                            "报告期各周稳定高于目标（基期均值的一半）。",
                            "The weeks of the period lie reliably above the target (half of the"
                                    + " baseline).");
            case "hit-and-miss" ->
                    page.t(
                            "报告期各周时而达到、时而未达目标（基期均值的一半）。",
                            "The weeks of the period lie now below, now above the target (half of"
                                    + " the baseline).");
            default -> "";
        };
    }

    private void weeks(Figure.Builder figure, String stratifier, String side) {
        for (JsonNode week : Element.strata(group, stratifier)) {
            figure.row(
                    Element.name(week.path("value")),
                    side,
                    Element.count(week),
                    Element.score(week),
                    sign(Element.value(week, "process-sign")));
        }
    }

    private String sign(String code) {
        return switch (code) {
            case "", "common-cause" -> "";
            case "outside-limits" -> page.t("● 超出控制限", "● beyond the limits");
            case "trend-of-seven" -> page.t("▲ 连续七点趋势", "▲ seven in one direction");
            case "two-of-three-near-limit" -> page.t("■ 三点中两点近限", "■ two of three near a limit");
            case "seven-on-one-side" -> page.t("◆ 连续七点同侧", "◆ seven on one side");
            default -> "● " + code;
        };
    }

    private Figure.Builder curves() {
        Figure.Builder figure =
                figure("survival", "survival")
                        .title("仍在等候的比例，前与后（Kaplan–Meier）", "Still waiting, before and after")
                        .note(
                                "轴下是仍被跟踪的人数；离开与结局不明的按删失计，因此曲线不一定降到 0；" + "当时即得到服务的，使曲线起点可低于 100。",
                                "Below the axis, the numbers at risk. Who left, and whose end is"
                                        + " unknown, is censored: a curve need not come down to 0;"
                                        + " who was served at once lets it begin below 100.")
                        .column("minutes", "分钟", "Minutes")
                        .column("before", "基期仍等候 %", "Baseline, still waiting %")
                        .column("before-risk", "基期在险", "Baseline at risk")
                        .column("after", "报告期仍等候 %", "Period, still waiting %")
                        .column("after-risk", "报告期在险", "Period at risk");
        for (JsonNode point : Element.strata(group, "still-waiting")) {
            JsonNode was = Element.all(point, "stratum-figures").getFirst();
            figure.row(
                    Element.name(point.path("value")).replace(" min", ""),
                    Element.value(was, "baseline-still-waiting"),
                    Element.value(was, "baseline-waits"),
                    Element.score(point),
                    Element.count(point));
        }
        return figure;
    }

    private Figure.Builder series() {
        Figure.Builder figure =
                figure("series", "series")
                        .title("间断时间序列与反事实", "Interrupted series with its counterfactual")
                        .note(
                                "虚线是没有这项变化时的预计；阴影是磨合期。",
                                "The dashed line is what would have been without the change; shaded"
                                        + " is the wash-in.")
                        .column("week", "周（周一）", "Week (Monday)")
                        .column("median", "中位（分）", "Median (min)")
                        .column("without", "反事实（分）", "Without the change (min)");
        JsonNode baseline = Element.all(report, "baseline").stream().findFirst().orElse(null);
        if (baseline != null) {
            figure.fact("from", baseline.at("/valuePeriod/end").asText())
                    .fact("to", report.at("/period/start").asText());
        }
        Map<String, String> medians = new LinkedHashMap<>();
        for (String side : List.of("baseline-week", "period-week")) {
            for (JsonNode week : Element.strata(group, side)) {
                medians.put(Element.name(week.path("value")), Element.score(week));
            }
        }
        for (JsonNode week : Element.strata(group, "counterfactual-week")) {
            String monday = Element.name(week.path("value"));
            figure.row(monday, medians.getOrDefault(monday, ""), Element.score(week));
        }
        return figure;
    }

    private Figure.Builder heat(boolean after) {
        Figure.Builder figure =
                figure(after ? "heat" : "heat-baseline", "heat")
                        .title(
                                after ? "报告期：各时段 P90 等候（分）" : "基期：各时段 P90 等候（分）",
                                after
                                        ? "Period: P90 wait by hour and weekday (min)"
                                        : "Baseline: P90 wait by hour and weekday (min)")
                        .note(
                                "–：没有数据，或少于 30 次等候而不公布。",
                                "–: no data, or fewer than thirty waits, which is not published.")
                        .column("hour", "时", "Hour")
                        .column("mon", "周一", "Mon")
                        .column("tue", "周二", "Tue")
                        .column("wed", "周三", "Wed")
                        .column("thu", "周四", "Thu")
                        .column("fri", "周五", "Fri")
                        .column("sat", "周六", "Sat")
                        .column("sun", "周日", "Sun");
        Map<String, String[]> hours = new java.util.TreeMap<>();
        boolean any = false;
        double most = 0;
        for (JsonNode cell : Element.strata(group, "hour-weekday")) {
            String hour = Element.name(cell.at("/component/0/value"));
            int day = DAYS.indexOf(Element.name(cell.at("/component/1/value")));
            JsonNode figures = Element.all(cell, "stratum-figures").getFirst();
            String value = Element.value(figures, after ? "p90" : "baseline-p90");
            any |= !value.isEmpty();
            for (String other : List.of("p90", "baseline-p90")) {
                String known = Element.value(figures, other);
                most = known.isEmpty() ? most : Math.max(most, Double.parseDouble(known));
            }
            if (day >= 0) {
                hours.computeIfAbsent(hour, _ -> new String[] {"", "", "", "", "", "", ""})[day] =
                        value;
            }
        }
        if (any) {
            // One scale for both, so that colours can be compared.
            figure.fact("most", String.valueOf(Math.round(most)));
            hours.forEach((hour, days) -> {
                String[] row = new String[8];
                row[0] = hour + ":00";
                System.arraycopy(days, 0, row, 1, 7);
                figure.row(row);
            });
        }
        return figure;
    }

    private Figure.Builder control() {
        Figure.Builder figure =
                figure("control", "lines")
                        .title("对照机构每周中位等候", "Control sites, weekly median")
                        .note(
                                "对照机构没有这项变化；两条线此前应当平行。",
                                "No change was made there; before it both should run parallel.")
                        .column("week", "周（周一）", "Week (Monday)")
                        .column("median", "本方案（分）", "Sites (min)")
                        .column("control", "对照（分）", "Control (min)");
        Map<String, String> own = new LinkedHashMap<>();
        for (String side : List.of("baseline-week", "period-week")) {
            for (JsonNode week : Element.strata(group, side)) {
                own.put(Element.name(week.path("value")), Element.score(week));
            }
        }
        for (String side : List.of("control-baseline-week", "control-period-week")) {
            for (JsonNode week : Element.strata(group, side)) {
                String monday = Element.name(week.path("value"));
                figure.row(monday, own.getOrDefault(monday, ""), Element.score(week));
            }
        }
        return figure;
    }
}
