package org.yifang.console.bureau;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The charts of the price report, and those of what was charged where.
final class PriceCharts {
    private static final int WATERFALL_MOST = 14;

    /// What each index is called.
    private static final Map<String, String> INDICES =
            Map.of(
                    "laspeyres", "Laspeyres",
                    "paasche", "Paasche",
                    "fisher", "Fisher",
                    "tornqvist", "Törnqvist",
                    "geks", "GEKS",
                    "jevons", "Jevons");

    private final Page page;
    private final JsonNode report;

    private PriceCharts(Page page, JsonNode report) {
        this.page = page;
        this.report = report;
    }

    static List<Figure> of(Page page, JsonNode report) {
        PriceCharts charts = new PriceCharts(page, report);
        List<Figure> all = new ArrayList<>();
        charts.add(all, charts.months());
        charts.add(all, charts.indices());
        charts.add(all, charts.waterfall());
        charts.add(all, charts.parts());
        charts.add(all, charts.coverage());
        charts.add(all, charts.held());
        return all;
    }

    private void add(List<Figure> all, Figure.Builder figure) {
        if (!figure.isEmpty()) {
            all.add(figure.build());
        }
    }

    private static String code(JsonNode group) {
        return group.at("/code/coding/0/code").asText();
    }

    /// A ratio as a change: `0.857` is `-14.3`.
    private static String change(BigDecimal ratio) {
        return ratio.subtract(BigDecimal.ONE)
                .movePointRight(2)
                .setScale(1, RoundingMode.HALF_UP)
                .toPlainString();
    }

    private static String change(JsonNode ratio) {
        return ratio.isNumber() ? change(ratio.decimalValue()) : "";
    }

    /// The headline's formula month by month, with its band, and two others beside it.
    private Figure.Builder months() {
        Figure.Builder figure =
                Figure.of(page, "index-months", "band")
                        .title(
                                "逐月价格指数（对基期的变化 %）",
                                "Price indices month by month (change against the baseline, %)")
                        .note(
                                "带是 Laspeyres 的 95% 区间（按药店）；虚线是 −10 % 目标。" + "结论看整个报告期，不看单月。",
                                "The band is the 95 % interval of Laspeyres by pharmacies, dashed"
                                        + " the target of −10 %. The verdict is of the whole"
                                        + " period, not of a month.")
                        .fact("target", "-10")
                        .fact("from", report.at("/period/start").asText())
                        .column("month", "月份", "Month")
                        .column("change", "Laspeyres %", "Laspeyres %")
                        .column("low", "95% 下限", "95 % low")
                        .column("high", "95% 上限", "95 % high")
                        .column("fisher", "Fisher %", "Fisher %")
                        .column("geks", "GEKS %", "GEKS %");
        Map<String, String> fisher = byMonth("fisher");
        Map<String, String> geks = byMonth("geks");
        for (JsonNode month : strata("laspeyres")) {
            String name = Element.name(month.path("value"));
            JsonNode range = range(month);
            figure.row(
                    name,
                    change(month.at("/measureScore/value")),
                    change(range.at("/low/value")),
                    change(range.at("/high/value")),
                    fisher.getOrDefault(name, ""),
                    geks.getOrDefault(name, ""));
        }
        return figure;
    }

    private List<JsonNode> strata(String index) {
        for (JsonNode group : report.path("group")) {
            if (code(group).equals(index)) {
                return Element.strata(group, "month");
            }
        }
        return List.of();
    }

    private Map<String, String> byMonth(String index) {
        Map<String, String> changes = new HashMap<>();
        for (JsonNode month : strata(index)) {
            changes.put(Element.name(month.path("value")), change(month.at("/measureScore/value")));
        }
        return changes;
    }

    private static JsonNode range(JsonNode scored) {
        return Read.extension(scored.path("measureScore"), "confidence-interval")
                .path("valueRange");
    }

    private Figure.Builder indices() {
        Figure.Builder figure =
                Figure.of(page, "index", "index")
                        .title("价格指数与目标线（变化 %）", "Price indices and the target line (change, %)")
                        .note(
                                "各算法应当接近；须以区间上端低于 −10 % 线为准。",
                                "The formulas should agree; the interval's upper end has to lie"
                                        + " below the −10 % line.")
                        .fact("target", "-10")
                        .column("name", "指数", "Index")
                        .column("change", "变化 %", "Change %")
                        .column("low", "95% 下限", "95 % low")
                        .column("high", "95% 上限", "95 % high");
        for (JsonNode group : report.path("group")) {
            boolean perDay = code(group).equals("cost-per-daily-dose");
            if (!INDICES.containsKey(code(group)) && !perDay) {
                continue;
            }
            JsonNode range = range(group);
            figure.row(
                    perDay
                            ? page.t("每治疗日费用", "cost of a day of treatment")
                            : INDICES.getOrDefault(code(group), code(group)),
                    change(group.at("/measureScore/value")),
                    change(range.at("/low/value")),
                    change(range.at("/high/value")));
        }
        return figure;
    }

    private Figure.Builder waterfall() {
        Figure.Builder figure =
                Figure.of(page, "contributions", "waterfall")
                        .title("各药对指数的贡献（百分点）", "What each drug adds to the index (points)")
                        .note(
                                "各柱相加等于 Laspeyres 指数的变化。",
                                "The bars add up to the change of the Laspeyres index.")
                        .column("name", "药品", "Drug")
                        .column("points", "贡献（百分点）", "Contribution (points)")
                        .column("change", "价格变化 %", "Price change %")
                        .column("share", "基期金额占比 %", "Share of the baseline %");
        for (JsonNode group : report.path("group")) {
            if (!code(group).equals("laspeyres")) {
                continue;
            }
            BigDecimal rest =
                    group.at("/measureScore/value").decimalValue().subtract(BigDecimal.ONE);
            figure.fact("total", change(group.at("/measureScore/value")));
            int shown = 0;
            for (JsonNode drug : Element.strata(group, "contribution by product")) {
                BigDecimal adds = share(drug, "index-contribution");
                if (shown++ < WATERFALL_MOST) {
                    rest = rest.subtract(adds);
                    figure.row(
                            product(Element.name(drug.path("value"))),
                            points(adds),
                            change(drug.at("/measureScore/value")),
                            percent(share(drug, "baseline-share")));
                }
            }
            figure.row(page.t("其余药品", "all other drugs"), points(rest), "", "");
        }
        return figure;
    }

    /// `name|form|strength|maker`: a name tells its form, what parts two of them comes first.
    private static String product(String told) {
        String[] parts = told.split("\\|", -1);
        return parts.length == 4 && parts[0].endsWith(parts[1])
                ? parts[0] + " " + parts[2] + " · " + parts[3]
                : told.replace("|", " · ");
    }

    private static BigDecimal share(JsonNode element, String name) {
        String value = Element.value(element, name);
        return value.isEmpty() ? BigDecimal.ZERO : new BigDecimal(value);
    }

    private static String points(BigDecimal share) {
        return share.movePointRight(2).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }

    private static String percent(BigDecimal share) {
        return share.movePointRight(2).setScale(1, RoundingMode.HALF_UP).toPlainString();
    }

    private Figure.Builder parts() {
        Figure.Builder figure =
                Figure.of(page, "parts", "parts")
                        .title("金额 = 价格 × 结构 × 数量", "Value = price × mix × volume")
                        .note(
                                "金额的变化不等于价格的变化：换厂、换药与用量分开列。",
                                "Spending is not price: other makers, other drugs and"
                                        + " more or less treatment stand apart.")
                        .column("name", "部分", "Part")
                        .column("change", "变化 %", "Change %")
                        .column("ratio", "倍数", "Ratio");
        Map<String, String> words = new LinkedHashMap<>();
        words.put("price", page.t("价格", "price"));
        words.put("mix-within", page.t("同药换厂换店", "other makers, same drug"));
        words.put("mix-across", page.t("换药", "other drugs"));
        words.put("volume", page.t("治疗日数", "days of treatment"));
        words.put("value", page.t("金额（合计）", "value (all together)"));
        words.forEach((code, name) -> {
            for (JsonNode group : report.path("group")) {
                if (code(group).equals(code)) {
                    JsonNode ratio = group.at("/measureScore/value");
                    figure.row(name, change(ratio), Read.number(ratio));
                }
            }
        });
        return figure;
    }

    private Figure.Builder coverage() {
        Figure.Builder figure =
                Figure.of(page, "price-coverage", "shares")
                        .title("覆盖：指数建立在什么之上", "Coverage: what the index stands on")
                        .column("name", "部分", "Part")
                        .column("percent", "占基期金额 %", "% of the value");
        JsonNode method = Read.extension(report, "price-method");
        String[][] known = {
            {"matched-share", "同一产品可比", "same product in both periods"},
            {"other-makers-share", "同药他厂", "same drug, other makers"},
            {"history-share", "来自历史文件", "from files of the past"},
            {"held-out-share", "搁置待核", "held out until checked"}
        };
        for (String[] one : known) {
            String value = Element.value(method, one[0]);
            if (!value.isEmpty()) {
                figure.row(page.t(one[1], one[2]), percent(new BigDecimal(value)));
            }
        }
        return figure;
    }

    private Figure.Builder held() {
        Figure.Builder figure =
                Figure.of(page, "held-lines", "held")
                        .title("搁置的异常行", "Outliers held out")
                        .note(
                                "单价超出全县中位的 1/4 至 4 倍；由人核定，从不删除。",
                                "Unit prices beyond a quarter to four times the county's median; a"
                                        + " person decides, nothing is deleted.")
                        .column("name", "药品", "Drug")
                        .column("day", "日期", "Day")
                        .column("unit", "单价（元）", "Unit price (yuan)")
                        .column("median", "全县中位（元）", "County median (yuan)")
                        .column("value", "金额（元）", "Value (yuan)");
        for (JsonNode line : Element.all(report, "held-line")) {
            figure.row(
                    Element.value(line, "drug"),
                    Element.value(line, "from"),
                    Element.value(line, "unit-yuan"),
                    Element.value(line, "median-yuan"),
                    Element.value(line, "value-yuan"));
        }
        return figure;
    }

    /// What each pharmacy charged above the tenth centile, drug by drug: a dot each.
    ///
    /// @param names of pharmacies by their id
    /// @param period that it was charged in
    static List<Figure> charged(
            Page page, JsonNode savings, Map<String, String> names, String period) {
        Figure.Builder dots =
                Figure.of(page, "charged", "dots")
                        .title(
                                "每店单价（每药一行，每点一店），" + period,
                                "Unit prices: a row a drug, a dot a pharmacy, " + period)
                        .note(
                                "圆大则用量大；竖线是第 10 百分位。列出的是高于该线的药店，按可省金额排序。",
                                "A larger circle is more sold, the bar the tenth centile."
                                        + " Listed are"
                                        + " pharmacies above it, by what could be saved.")
                        .column("drug", "药品", "Drug")
                        .column("pharmacy", "药店", "Pharmacy")
                        .column("units", "数量", "Units")
                        .column("price", "单价（元）", "Unit price (yuan)")
                        .column("target", "第 10 百分位（元）", "Tenth centile (yuan)")
                        .column("possible", "可省（元）", "Could be saved (yuan)");
        for (JsonNode one : savings.path("parameter")) {
            if (!one.path("name").asText().equals("saving")) {
                continue;
            }
            String pharmacy = Read.id(Parameters.find(one, "pharmacy").path("valueReference"));
            dots.row(
                    Parameters.find(one, "substitution-set")
                            .path("valueString")
                            .asText()
                            .replace("|", " · "),
                    names.getOrDefault(pharmacy, pharmacy),
                    decimal(one, "units"),
                    decimal(one, "unit-price"),
                    decimal(one, "target-unit-price"),
                    Read.number(Parameters.find(one, "possible").at("/valueMoney/value")));
        }
        return dots.isEmpty() ? List.of() : List.of(dots.build());
    }

    private static String decimal(JsonNode parameter, String name) {
        return Read.number(Parameters.find(parameter, name).path("valueDecimal"));
    }
}
