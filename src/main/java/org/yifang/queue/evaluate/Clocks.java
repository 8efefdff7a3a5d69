package org.yifang.queue.evaluate;

import org.yifang.queue.plan.Words;

import java.util.List;
import java.util.Locale;

/// What is known of the clocks of those who told of a plan's sites in both periods.
///
/// @param shifted whose clock moved by more than a minute between the periods
/// @param untold whose clock was measured in one of the periods and not in the other, so that
///   nobody knows whether it moved
/// @param unmeasured who never told the time of sending
record Clocks(List<Shift> shifted, List<String> untold, List<String> unmeasured) {
    static final Clocks STEADY = new Clocks(List.of(), List.of(), List.of());

    /// A clock that moved.
    record Shift(String source, long seconds) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %d s", source, seconds);
        }
    }

    boolean isSteady() {
        return shifted.isEmpty() && untold.isEmpty();
    }

    /// What stands against a claim, empty when nothing does.
    Words against() {
        String moved = String.join(", ", shifted.stream().map(Shift::toString).toList());
        String silent = String.join(", ", untold);
        StringBuilder chinese = new StringBuilder();
        StringBuilder english = new StringBuilder();
        if (!shifted.isEmpty()) {
            chinese.append("来源时钟移动超过60秒：").append(moved);
            english.append("clocks shifted by over 60 s: ").append(moved);
        }
        if (!untold.isEmpty()) {
            chinese.append(chinese.isEmpty() ? "" : "；").append("仅一个时期上报了发送时间：").append(silent);
            english.append(english.isEmpty() ? "" : "; ")
                    .append("the time of sending was told in one period only: ")
                    .append(silent);
        }
        return new Words(chinese.toString(), english.toString());
    }
}
