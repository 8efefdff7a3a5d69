package org.yifang.console.bureau;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The tables beside the charts of one stage: both periods, all readings of the reduction,
/// departments, coverage.
final class QueueTables {
    /// What both periods' figures are called.
    private static final Map<String, String[]> FIGURES = figures();

    private final Page page;
    private final JsonNode group;
    private final String id;

    QueueTables(Page page, JsonNode group) {
        this.page = page;
        this.group = group;
        this.id = Element.name(group.path("code"));
    }

    private static Map<String, String[]> figures() {
        Map<String, String[]> words = new LinkedHashMap<>();
        words.put("median", two("中位等候（分）", "median wait (min)"));
        words.put(
                "standardised-median-interval", two("标准化中位数 95% 区间", "standardised median, 95 %"));
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

    private Figure.Builder figure(String name, String kind) {
        return Figure.of(page, name + "-" + id.replaceAll("[^A-Za-z0-9]", "-"), kind);
    }

    /// Baseline and period side by side, crude and standardised, with what was left out.
    Figure.Builder beside() {
        Figure.Builder figure =
                figure("figures", "table")
                        .title("两个时期并列（含排除与数据质量）", "Both periods, with exclusions and quality")
                        .column("what", "指标", "Figure")
                        .column("before", "基期", "Baseline")
                        .column("after", "报告期", "Period");
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

    Figure.Builder readings() {
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
            {"series", "间断时间序列", "interrupted series"},
            {"series-interval", "序列 95% 区间", "series, 95 % interval"},
            {"series-newey-west", "Newey–West", "Newey–West"},
            {"series-prais-winsten", "Prais–Winsten", "Prais–Winsten"},
            {"less-control", "减去对照", "less control"},
            {"series-less-control", "序列减去对照", "series less control"},
            {"series-less-control-interval", "同上 95% 区间", "the same, 95 % interval"},
            {"pre-trend", "此前趋势", "trend before"},
            {"leaver-rate-ratio", "离开率之比", "ratio of leaving"},
            {"not-seen-served-before", "基期未见服务", "not seen served before"},
            {"not-seen-served-after", "报告期未见服务", "not seen served after"},
            {"strata", "层数", "strata"}
        };
        String score = Element.score(group);
        if (!score.isEmpty()) {
            String interval = Element.value(group.path("measureScore"), "confidence-interval");
            figure.row(
                    page.t("标准化中位数（95% 区间）", "standardised median (95 % interval)"),
                    score
                            + (interval.isEmpty()
                                    ? ""
                                    : page.t("（", " (") + interval + page.t("）", ")")));
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

    Figure.Builder departments() {
        Figure.Builder figure =
                figure("departments", "dumbbell")
                        .title("各科室中位等候，前与后", "Median wait by department, before and after")
                        .column("name", "科室", "Department")
                        .column("waits", "等候数", "Waits")
                        .column("before", "基期中位（分）", "Baseline median (min)")
                        .column("after", "报告期中位（分）", "Period median (min)");
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

    /// Whose coverage a report tells, by their numbers.
    static List<String> covered(JsonNode report) {
        List<String> numbers = new ArrayList<>();
        for (JsonNode group : report.path("group")) {
            for (JsonNode unit : Element.all(group, "coverage")) {
                numbers.addAll(List.of(Element.value(unit, "organization").split(",")));
            }
        }
        return numbers;
    }

    Figure.Builder coverage(Map<String, String> names) {
        Figure.Builder figure =
                figure("coverage", "coverage")
                        .title("覆盖：上报与应有", "Coverage: reported against expected")
                        .column("name", "机构与环节", "Organization and stage")
                        .column("before", "基期上报", "Baseline reported")
                        .column("before-expected", "基期应有", "Baseline expected")
                        .column("after", "报告期上报", "Period reported")
                        .column("after-expected", "报告期应有", "Period expected");
        for (JsonNode unit : Element.all(group, "coverage")) {
            figure.row(
                    Arrays.stream(Element.value(unit, "organization").split(","))
                                    .map(number -> names.getOrDefault(number, number))
                                    .collect(Collectors.joining(page.t("、", ", ")))
                            + " · "
                            + QueueCharts.stage(page, Element.value(unit, "stage")),
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
