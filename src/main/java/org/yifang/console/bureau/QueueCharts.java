package org.yifang.console.bureau;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.Codes;
import org.yifang.console.Page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The charts of one stage of the queue report: weeks with their limits, the curves of those still
/// waiting, the interrupted series, the heat map, and the tables beside them.
final class QueueCharts {
    private static final List<String> DAYS =
            List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    /// What both periods' figures are called.
    private static final Map<String, String[]> FIGURES = figures();

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

    private static Map<String, String[]> figures() {
        Map<String, String[]> words = new LinkedHashMap<>();
        words.put("median", two("中位等候（分）", "median wait (min)"));
        words.put("standardised-median-interval", two("标准化中位数 95% 区间", "standardised median, 95 %"));
        words.put("p90", two("第 90 百分位（分）", "90th percentile (min)"));
        words.put("standardised-p90-interval", two("标准化 P90 95% 区间", "standardised P90, 95 %"));
        words.put("mean", two("平均等候（分）", "mean wait (min)"));
        words.put("within-10-min", two("10 分钟内", "within 10 min"));
        words.put("within-30-min", two("30 分钟内", "within 30 min"));
        words.put("left-incidence", two("离开的比例", "left without service"));
        words.put(
                "median-if-leavers-wait-for-ever",
                two("若离开者一直等（分）", "median if leavers waited on (min)"));
        words.put("tickets", two("票号", "tickets"));
        words.put("left", two("其中离开", "of them left"));
        words.put("transferred", two("转走", "transferred"));
        words.put("unknown", two("结局不明", "end unknown"));
        words.put("voided", two("作废（不计）", "voided (not counted)"));
        words.put("start-missing", two("缺开始（不计）", "start missing (not counted)"));
        words.put("historical", two("来自历史文件", "from files of the past"));
        words.put("little-gap", two("Little 缺口 %", "Little's gap %"));
        words.put("little-alarm-days", two("Little 报警日", "days of Little's alarm"));
        return words;
    }

    private static String[] two(String chinese, String english) {
        return new String[] {chinese, english};
    }

    static List<Figure> of(Page page, JsonNode report, JsonNode group) {
        QueueCharts charts = new QueueCharts(page, report, group);
        List<Figure> all = new ArrayList<>();
        charts.add(all, charts.weeks());
        charts.add(all, charts.curves());
        charts.add(all, charts.series());
        charts.add(all, charts.heat(true));
        charts.add(all, charts.heat(false));
        charts.add(all, charts.beside());
        charts.add(all, charts.readings());
        charts.add(all, charts.control());
        charts.add(all, charts.departments());
        charts.add(all, charts.coverage());
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
                                "限由基期各周算出；标出的周不是偶然波动。",
                                "Limits come from the baseline's weeks; a marked week is no chance.")
                        .column("week", "周（周一）", "Week (Monday)")
                        .column("side", "时期", "Period")
                        .column("tickets", "票号", "Tickets")
                        .column("median", "中位（分）", "Median (min)")
                        .column("sign", "判读", "Sign");
        for (JsonNode chart : Element.all(group, "process-chart")) {
            for (String name : List.of("centre", "lower", "upper")) {
                figure.fact(name, Element.value(chart, name));
            }
        }
        weeks(figure, "baseline-week", page.t("基期", "baseline"));
        weeks(figure, "period-week", page.t("评估期", "period"));
        return figure;
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
                                "轴下是仍被跟踪的人数；离开与不明的按删失计。",
                                "Below the axis, the numbers at risk; who left is censored.")
                        .column("minutes", "分钟", "Minutes")
                        .column("before", "基期仍等候 %", "Baseline, still waiting %")
                        .column("before-risk", "基期在险", "Baseline at risk")
                        .column("after", "评估期仍等候 %", "Period, still waiting %")
                        .column("after-risk", "评估期在险", "Period at risk");
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
                        .title("中断时间序列与反事实", "Interrupted series with its counterfactual")
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
                                after ? "评估期：各时段 P90 等候（分）" : "基期：各时段 P90 等候（分）",
                                after
                                        ? "Period: P90 wait by hour and weekday (min)"
                                        : "Baseline: P90 wait by hour and weekday (min)")
                        .note(
                                "少于 30 次等候的格子不公布。",
                                "Cells of fewer than thirty waits are not published.")
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
        for (JsonNode cell : Element.strata(group, "hour-weekday")) {
            String hour = Element.name(cell.at("/component/0/value"));
            int day = DAYS.indexOf(Element.name(cell.at("/component/1/value")));
            JsonNode figures = Element.all(cell, "stratum-figures").getFirst();
            String value = Element.value(figures, after ? "p90" : "baseline-p90");
            any |= !value.isEmpty();
            if (day >= 0) {
                hours.computeIfAbsent(hour, _ -> new String[] {"", "", "", "", "", "", ""})[day] =
                        value;
            }
        }
        if (any) {
            hours.forEach((hour, days) -> {
                String[] row = new String[8];
                row[0] = hour + ":00";
                System.arraycopy(days, 0, row, 1, 7);
                figure.row(row);
            });
        }
        return figure;
    }

    /// Baseline and period side by side, crude and standardised, with what was left out.
    private Figure.Builder beside() {
        Figure.Builder figure =
                figure("figures", "table")
                        .title("两个时期并列（含排除与数据质量）", "Both periods, with exclusions and quality")
                        .column("what", "指标", "Figure")
                        .column("before", "基期", "Baseline")
                        .column("after", "评估期", "Period");
        JsonNode was = Element.all(group, "baseline-figures").stream().findFirst().orElse(null);
        JsonNode is = Element.all(group, "period-figures").stream().findFirst().orElse(null);
        if (was == null || is == null) {
            return figure;
        }
        FIGURES.forEach((key, words) -> {
            String before = Element.value(was, key);
            String after = Element.value(is, key);
            if (!before.isEmpty() || !after.isEmpty()) {
                figure.row(page.t(words[0], words[1]), before, after);
            }
        });
        return figure;
    }

    private Figure.Builder readings() {
        Figure.Builder figure =
                figure("readings", "table")
                        .title("下降多少：标准化与粗值、各种算法", "The reduction, standardised and crude")
                        .column("what", "算法", "Reading")
                        .column("value", "下降 %", "Reduction %");
        String[][] known = {
            {"crude-median", "粗中位数", "crude median"},
            {"p90", "标准化 P90", "standardised P90"},
            {"p90-interval", "P90 95% 区间", "P90, 95 % interval"},
            {"hodges-lehmann", "Hodges–Lehmann", "Hodges–Lehmann"},
            {"series", "中断时间序列", "interrupted series"},
            {"series-interval", "序列 95% 区间", "series, 95 % interval"},
            {"series-newey-west", "Newey–West", "Newey–West"},
            {"series-prais-winsten", "Prais–Winsten", "Prais–Winsten"},
            {"less-control", "减去对照", "less control"},
            {"series-less-control", "序列减去对照", "series less control"},
            {"series-less-control-interval", "同上 95% 区间", "the same, 95 % interval"},
            {"pre-trend", "此前趋势", "trend before"},
            {"leaver-rate-ratio", "离开率之比", "ratio of leaving"},
            {"not-seen-served-before", "基期未见服务", "not seen served before"},
            {"not-seen-served-after", "评估期未见服务", "not seen served after"},
            {"strata", "层数", "strata"}
        };
        String score = Element.score(group);
        if (!score.isEmpty()) {
            String interval =
                    Element.value(group.path("measureScore"), "confidence-interval");
            figure.row(
                    page.t("标准化中位数（95% 区间）", "standardised median (95 % interval)"),
                    score + (interval.isEmpty() ? "" : "（" + interval + "）"));
        }
        for (JsonNode readings : Element.all(group, "reduction-readings")) {
            for (String[] one : known) {
                String value = Element.value(readings, one[0]);
                if (!value.isEmpty()) {
                    figure.row(page.t(one[1], one[2]), value);
                }
            }
        }
        return figure;
    }

    private Figure.Builder control() {
        Figure.Builder figure =
                figure("control", "lines")
                        .title("对照机构每周中位等候", "Control sites, weekly median")
                        .note(
                                "对照机构没有这项变化；两条线此前应当平行。",
                                "No change was made there; before it both lines should run parallel.")
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

    private Figure.Builder departments() {
        Figure.Builder figure =
                figure("departments", "dumbbell")
                        .title("各科室中位等候，前与后", "Median wait by department, before and after")
                        .column("name", "科室", "Department")
                        .column("waits", "等候数", "Waits")
                        .column("before", "基期中位（分）", "Baseline median (min)")
                        .column("after", "评估期中位（分）", "Period median (min)");
        for (JsonNode cell : Element.strata(group, "department")) {
            JsonNode figures = Element.all(cell, "stratum-figures").getFirst();
            figure.row(
                    Element.name(cell.path("value")),
                    Element.count(cell),
                    Element.value(figures, "baseline-median"),
                    Element.score(cell));
        }
        return figure;
    }

    private Figure.Builder coverage() {
        Figure.Builder figure =
                figure("coverage", "coverage")
                        .title("覆盖：上报与应有", "Coverage: reported against expected")
                        .column("name", "机构与环节", "Organization and stage")
                        .column("before", "基期上报", "Baseline reported")
                        .column("before-expected", "基期应有", "Baseline expected")
                        .column("after", "评估期上报", "Period reported")
                        .column("after-expected", "评估期应有", "Period expected");
        for (JsonNode unit : Element.all(group, "coverage")) {
            figure.row(
                    Element.value(unit, "organization")
                            + " · "
                            + stage(page, Element.value(unit, "stage")),
                    Element.value(unit, "reported-before"),
                    Element.value(unit, "expected-before"),
                    Element.value(unit, "reported-after"),
                    Element.value(unit, "expected-after"));
        }
        for (JsonNode gap : Element.all(group, "coverage-gap")) {
            figure.row(page.t("缺口 ", "gap ") + Element.value(gap), "", "", "", "");
        }
        return figure;
    }
}
