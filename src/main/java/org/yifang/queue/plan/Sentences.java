package org.yifang.queue.plan;

import org.jspecify.annotations.Nullable;
import org.yifang.statistics.Interval;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/// The one sentence of a report that may be printed, in Chinese and English.
///
/// @param subject what is spoken of: 等候中位数 / the median wait
/// @param place where
/// @param targetPercent 50 or 10
/// @param periods both of them
/// @param isMadeUp whether it rests on data of the demonstration
public record Sentences(
        Words subject, Words place, int targetPercent, Periods periods, boolean isMadeUp) {
    /// Both periods of what is spoken of.
    public record Periods(
            LocalDate baselineStart, LocalDate baselineEnd, LocalDate start, LocalDate end) {
        Words base() {
            return new Words(baselineStart + "至" + baselineEnd, baselineStart + "–" + baselineEnd);
        }

        Words later() {
            return new Words(start + "至" + end, start + "–" + end);
        }
    }

    /// The figure of a sentence.
    ///
    /// @param share 0.5 for half as much
    public record Figure(@Nullable Double share, @Nullable Interval interval) {}

    /// The sentence of a plan's verdict.
    ///
    /// @param warnings what has to be said with it
    public Words ofPlan(
            Plan plan, Verdict verdict, Figure figure, Words reason, List<Words> warnings) {
        Words told =
                switch (verdict) {
                    case MET ->
                            both(
                                    plan(plan) + fell(figure) + "，达到下降" + targetPercent + "%目标。",
                                    planEnglish(plan)
                                            + fellEnglish(figure)
                                            + ": "
                                            + targetPercent
                                            + "% target met.");
                    case IMPROVED ->
                            both(
                                    plan(plan) + fell(figure) + "，未证实达标：" + reason.chinese() + "。",
                                    planEnglish(plan)
                                            + fellEnglish(figure)
                                            + "; target not shown: "
                                            + reason.english()
                                            + ".");
                    case NO_CHANGE, LONGER ->
                            both(
                                    plan(plan)
                                            + (verdict == Verdict.LONGER ? "变差：" : "未见变化：")
                                            + fell(figure)
                                            + "。",
                                    planEnglish(plan)
                                            + fellEnglish(figure)
                                            + (verdict == Verdict.LONGER
                                                    ? ": it grew worse."
                                                    : ": no change shown."));
                    case NOT_SHOWN -> notShown(reason);
                    case EXPLORATORY ->
                            throw new IllegalArgumentException("An exploratory one has a number.");
                };
        return marked(plan, withWarnings(told, warnings));
    }

    /// The sentence of a question outside of plans, or of a plan before its verdict.
    ///
    /// @param number the how-manieth question it is
    /// @param plan whose early reading it is, null for none
    /// @param isUnknown whether so little is known that no figure means anything
    public Words exploratory(
            long number,
            @Nullable Plan plan,
            boolean isUnknown,
            Figure figure,
            Words reason,
            List<Words> warnings) {
        Words rest =
                isUnknown
                        ? notShown(reason)
                        : both(
                                about() + fell(figure) + "。",
                                aboutEnglish() + fellEnglish(figure) + ".");
        Words told =
                both(
                        "探索性查询（第" + number + "次），不作达标依据：" + rest.chinese(),
                        "Exploratory (question "
                                + number
                                + "), no evidence of the target: "
                                + rest.english());
        return marked(plan, withWarnings(told, warnings));
    }

    private Words notShown(Words reason) {
        return both(
                "无法判断" + subject.chinese() + "是否下降：" + reason.chinese() + "。",
                "Cannot tell whether " + subject.english() + " fell: " + reason.english() + ".");
    }

    private static Words withWarnings(Words told, List<Words> warnings) {
        if (warnings.isEmpty()) {
            return told;
        }
        Words all = Words.joined(warnings);
        return both(
                told.chinese() + "注意：" + all.chinese() + "。",
                told.english() + " Note: " + all.english() + ".");
    }

    /// What is made up says so first.
    private Words marked(@Nullable Plan plan, Words told) {
        return isMadeUp || (plan != null && plan.demonstration())
                ? both("演示数据：" + told.chinese(), "Made-up data: " + told.english())
                : told;
    }

    private String plan(Plan plan) {
        return "按" + plan.registeredOn() + "登记的方案，" + about();
    }

    private String planEnglish(Plan plan) {
        String about = aboutEnglish();
        return "Under the plan registered "
                + plan.registeredOn()
                + ", "
                + about.substring(0, 1).toLowerCase(Locale.ROOT)
                + about.substring(1);
    }

    private String about() {
        return place.chinese()
                + periods.later().chinese()
                + subject.chinese()
                + "比"
                + periods.base().chinese();
    }

    private String aboutEnglish() {
        String text = subject.english();
        return text.substring(0, 1).toUpperCase(Locale.ROOT)
                + text.substring(1)
                + " in "
                + place.english();
    }

    private static String fell(Figure figure) {
        Double share = figure.share();
        if (share == null) {
            return "无法计算";
        }
        return (share < 0 ? "上升" : "下降") + percent(Math.abs(share)) + "%（" + range(figure) + "）";
    }

    private static String range(Figure figure) {
        return figure.interval() == null ? "区间未知" : "95%区间" + ends(figure) + "%";
    }

    /// The interval of what is said: of the fall, or of the rise.
    private static String ends(Figure figure) {
        Interval interval = java.util.Objects.requireNonNull(figure.interval());
        boolean rose = figure.share() != null && figure.share() < 0;
        return rose
                ? percent(-interval.high()) + "–" + percent(-interval.low())
                : percent(interval.low()) + "–" + percent(interval.high());
    }

    private String fellEnglish(Figure figure) {
        Double share = figure.share();
        if (share == null) {
            return " cannot be reckoned";
        }
        return (share < 0 ? " rose " : " fell ")
                + percent(Math.abs(share))
                + "% ("
                + (figure.interval() == null ? "interval unknown" : "95% interval " + ends(figure))
                + ") from "
                + periods.base().english()
                + " to "
                + periods.later().english();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    private static Words both(String chinese, String english) {
        return new Words(chinese, english);
    }
}
