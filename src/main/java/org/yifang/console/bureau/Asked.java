package org.yifang.console.bureau;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Trouble;

import java.util.List;
import java.util.Map;

/// One of the two questions with what is known of its answer now.
///
/// @param test name of its verdict for automation
/// @param board path of its board
/// @param plan that is told of; null for a question at will, or when there is none
/// @param report the whole answer; null while it is not there
/// @param running whether it is being evaluated, with `progress` in the service's words
/// @param values what the form shows
/// @param query of the answer, empty when nothing is asked
public record Asked(
        String measure,
        String title,
        String test,
        String board,
        @Nullable PlanRow plan,
        @Nullable Report report,
        boolean running,
        String progress,
        List<Trouble> troubles,
        List<PlanRow> plans,
        Map<String, String> values,
        String query) {
    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    /// The verdict to show: of the answer, else the last one kept, else that nothing is shown.
    public String verdict() {
        if (report != null) {
            return report.verdict();
        }
        return plan == null || plan.verdict().isEmpty() ? "not-shown" : plan.verdict();
    }

    /// What is said of it.
    public List<String> said(Page page) {
        if (report != null && !report.said().isEmpty()) {
            return report.said();
        }
        if (plan != null && !plan.sentence().isEmpty()) {
            return List.of(plan.sentence());
        }
        if (running) {
            return List.of(page.t("正在评估。", "It is being evaluated."));
        }
        if (plan != null && !plan.isDue(page.at())) {
            return List.of(
                    page.t("方案的结论将于 ", "The plan's verdict is due on ")
                            + PlanRow.shown(plan.due())
                            + page.t(" 给出。", "."));
        }
        return List.of(
                query.isEmpty()
                        ? page.t(
                                "还没有登记过方案，因此什么也没有证实。可登记方案，或在下面作探索性查询（每次都计数）。",
                                "No plan is registered: nothing is shown. Register one, or ask at"
                                        + " will below (each such question is counted).")
                        : page.t(
                                "现有数据不足以判断，详见下列规则。",
                                "The data at hand do not allow a statement; see the rule below."));
    }

    /// What was asked, in words.
    public String asked(Page page) {
        if (plan != null) {
            return page.t("已登记方案：", "Registered plan: ")
                    + plan.title()
                    + page.t("；基期 ", "; baseline ")
                    + plan.baseline()
                    + page.t("，报告期 ", ", period ")
                    + plan.period();
        }
        return query.isEmpty()
                ? ""
                : page.t("探索性查询：基期 ", "At will: baseline ")
                        + value("baselineStart")
                        + " – "
                        + value("baselineEnd")
                        + page.t("，报告期 ", ", period ")
                        + value("periodStart")
                        + " – "
                        + value("periodEnd");
    }
}
