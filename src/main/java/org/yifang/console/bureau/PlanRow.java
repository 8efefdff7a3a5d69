package org.yifang.console.bureau;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.console.frame.Page;
import org.yifang.console.frame.Read;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A registered plan with the last result that was kept of it.
///
/// @param due when its one verdict is given
/// @param verdict code of the last result, empty when there is none
/// @param asOf of the last result, as an instant; empty when there is none
/// @param isFinal whether the last result is the plan's one verdict
/// @param isMadeUp whether it is of the demonstration
public record PlanRow(
        String id,
        String title,
        String goal,
        String baseline,
        String period,
        String registered,
        String due,
        String hash,
        String verdict,
        String sentence,
        String asOf,
        boolean isFinal,
        boolean isMadeUp) {

    static PlanRow of(Page page, JsonNode plan) {
        JsonNode result = Question.result(plan);
        return new PlanRow(
                plan.path("id").asText(),
                Report.part(plan.path("title").asText(), page.en()),
                Read.extension(Read.extension(plan, "plan"), "goal").path("valueCode").asText(),
                Question.term(plan, "baseline"),
                Question.term(plan, "period"),
                Question.term(plan, "registered"),
                Question.term(plan, "verdict-at"),
                Question.term(plan, "sha-256"),
                Read.extension(result, "verdict").path("valueCode").asText(),
                Report.worded(
                        Report.part(
                                Read.extension(result, "sentence").path("valueString").asText(),
                                page.en()),
                        page.en()),
                Read.extension(result, "as-of").path("valueInstant").asText(),
                Read.extension(result, "final").path("valueBoolean").asBoolean(),
                Read.extension(Read.extension(plan, "plan"), "demonstration")
                        .path("valueBoolean")
                        .asBoolean());
    }

    static List<PlanRow> of(Page page, List<JsonNode> plans) {
        return plans.stream().map(plan -> of(page, plan)).toList();
    }

    /// The plan that a page tells of first: the newest verdict, else the newest result, else the
    /// newest plan.
    static Optional<PlanRow> first(List<PlanRow> plans) {
        return plans.stream()
                .max(
                        Comparator.comparing(PlanRow::isFinal)
                                .thenComparing(PlanRow::asOf)
                                .thenComparing(PlanRow::registered));
    }

    /// Its periods as a form has them.
    Map<String, String> periods() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("plan", id);
        String[] before = baseline.split(" – ", 2);
        String[] after = period.split(" – ", 2);
        if (before.length == 2 && after.length == 2) {
            values.put("baselineStart", before[0]);
            values.put("baselineEnd", before[1]);
            values.put("periodStart", after[0]);
            values.put("periodEnd", after[1]);
        }
        return values;
    }

    /// Whether its verdict may be given.
    boolean isDue(Instant now) {
        return !due.isEmpty() && !Read.instant(due).isAfter(now);
    }

    /// A moment of the plan, for people.
    public static String shown(String instant) {
        return instant.isEmpty() ? "" : Read.whole(Read.instant(instant)).substring(0, 16);
    }

    /// How old a moment is, in words.
    public static String age(Page page, String instant) {
        if (instant.isEmpty()) {
            return "";
        }
        long minutes =
                Math.max(
                        java.time.Duration.between(Read.instant(instant), page.at()).toMinutes(),
                        0);
        if (minutes < 60) {
            return minutes + page.t(" 分钟前", " min ago");
        }
        return minutes < 60 * 48
                ? minutes / 60 + page.t(" 小时前", " h ago")
                : minutes / 60 / 24 + page.t(" 天前", " days ago");
    }
}
