package org.yifang.console.hospital;

import java.util.List;

/// A prescription as the tracker shows it.
///
/// @param when `current`, `future` or `past`
/// @param holder name of the pharmacy that holds it, empty when none does
public record Tracked(
        String task,
        String number,
        String state,
        String when,
        String written,
        String until,
        String holder,
        String chosen,
        String reason,
        String code,
        List<Line> lines,
        List<Step> history) {

    /// Prescribed against dispensed.
    ///
    /// @param reason why it stands so, empty when nothing says it
    public record Line(
            String name,
            String dosage,
            String prescribed,
            String dispensed,
            String remaining,
            String status,
            String reason) {}

    /// One step of its history.
    public record Step(String at, String state, String holder, String reason) {}

    public boolean isHeld() {
        return state.startsWith("in-progress/");
    }

    public boolean isOver() {
        return when.equals("past");
    }

    public boolean isOnHold() {
        return state.startsWith("on-hold/");
    }
}
