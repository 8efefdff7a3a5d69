package org.yifang.console.bureau;

import static org.yifang.console.frame.Bilingual.two;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Bilingual;
import org.yifang.console.frame.Page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a plan will be able to show, told before it is registered.
final class Preview {
    private static final Map<String, Bilingual> WORDS =
            Map.ofEntries(
                    two("baseline-pharmacies", "基期有销售的药店", "pharmacies with sales in the baseline"),
                    two("baseline-lines", "基期销售行数", "lines sold in the baseline"),
                    two("baseline-yuan", "基期金额（元）", "value of the baseline (yuan)"),
                    two("imported-share", "其中来自历史文件", "share from files of the past"),
                    two("held-out-share", "其中搁置待核", "share held out until checked"),
                    two("organization", "机构", "organizations"),
                    two("stage", "环节", "stages"),
                    two("control", "对照机构", "control"),
                    two("change-date", "变化日", "day of the change"),
                    two("expected-source", "应有数来源", "expected units from"),
                    two("baseline", "基期", "baseline"),
                    two("period", "报告期", "period"),
                    two("sha-256", "散列", "hash"));

    /// Lines for people: what was understood, what there is, and what stands against it.
    static List<String> of(Page page, JsonNode plan) {
        List<String> lines = new ArrayList<>();
        for (String part : List.of("plan", "plan-preview")) {
            for (JsonNode told : Element.all(plan, part)) {
                for (JsonNode one : told.path("extension")) {
                    Bilingual words = WORDS.get(Element.tail(one));
                    if (words != null) {
                        lines.add(words.in(page) + page.t("：", ": ") + Element.value(one));
                    }
                }
            }
        }
        List<JsonNode> warnings = Element.all(plan, "plan-warning");
        for (JsonNode warning : warnings) {
            lines.add("⚠ " + Report.part(Element.value(warning), page.en()));
        }
        if (warnings.isEmpty()) {
            lines.add(
                    page.t(
                            "✓ 没有妨碍达标结论的条款；报告期满 14 天后给出唯一结论。",
                            "✓ Nothing in its terms keeps it from showing the target met; its one"
                                    + " verdict is given 14 days after the period."));
        }
        return lines;
    }

    private Preview() {}
}
