package org.yifang.console.hospital;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A prescription as the tracker shows it.
///
/// @param patient name, empty when this caller may not know it
/// @param about sex, age, diagnosis and prescriber; empty in a list
/// @param when `current`, `future` or `past`
/// @param recall what a cancellation took out of a pharmacy's hands, null when it did not
/// @param holder name of the pharmacy that holds it, empty when none does
public record Tracked(
        String task,
        String number,
        String state,
        String patient,
        String about,
        String when,
        String written,
        String until,
        String holder,
        String chosen,
        String reason,
        String code,
        List<Line> lines,
        @Nullable Recall recall,
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

    /// A cancellation of what a pharmacy held.
    ///
    /// @param until when that pharmacy's hold would have ended
    /// @param onItsWay whether that lies ahead
    public record Recall(String pharmacy, String at, String until, boolean onItsWay) {}

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
