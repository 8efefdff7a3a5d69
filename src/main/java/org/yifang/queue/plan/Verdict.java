package org.yifang.queue.plan;

/// What a report may say of its question, first and in one word.
public enum Verdict {
    /// Every line of a registered plan holds.
    MET("met"),
    /// Shown to be better, but the target is not shown.
    IMPROVED("improved"),
    /// No change beyond chance.
    NO_CHANGE("no-change"),
    /// Worse by more than chance: longer waits, or higher prices.
    LONGER("longer"),
    /// Too little is known, or what is known contradicts itself.
    NOT_SHOWN("not-shown"),
    /// Asked outside of a plan, or before the plan's verdict is due.
    EXPLORATORY("exploratory");

    private final String code;

    Verdict(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }
}
