package org.yifang.queue.plan;

/// What a report may say of its question, first and in one word.
public enum Verdict {
    /// Every line of a registered plan holds.
    MET("met", "达到目标", "target met"),
    /// Shown to be better, but the target is not shown.
    IMPROVED("improved", "有改善，未证实达标", "improved, target not shown"),
    /// No change beyond chance.
    NO_CHANGE("no-change", "未见变化", "no change shown"),
    /// Worse by more than chance: longer waits, or higher prices.
    LONGER("longer", "变差", "worse"),
    /// Too little is known, or what is known contradicts itself.
    NOT_SHOWN("not-shown", "无法判断", "cannot be told"),
    /// Asked outside of a plan, or before the plan's verdict is due.
    EXPLORATORY("exploratory", "探索性查询", "exploratory");

    private final String code;
    private final String chinese;
    private final String english;

    Verdict(String code, String chinese, String english) {
        this.code = code;
        this.chinese = chinese;
        this.english = english;
    }

    public String code() {
        return code;
    }

    public Words words() {
        return new Words(chinese, english);
    }
}
