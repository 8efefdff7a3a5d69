package org.yifang.console.review;

import org.yifang.console.frame.Trouble;

import java.util.List;

/// One prescription to be reviewed.
///
/// @param isChecked whether the rules were asked for warnings; they do not answer when there is too
///   much to do
public record Case(
        String task,
        String number,
        String state,
        String priority,
        String due,
        String patient,
        String about,
        String hospital,
        String prescriber,
        String diagnosis,
        List<String> facts,
        List<String> allergies,
        boolean isChecked,
        List<Trouble> warnings,
        List<Line> lines,
        List<Running> running,
        List<Elsewhere> elsewhere,
        boolean second) {
    /// Whether it is still to be decided: only then a reviewer is told of what else runs.
    public boolean isAwaiting() {
        return state.equals("requested/awaiting-review");
    }

    /// A drug that runs from a prescription that this reviewer may not read: by whom it was
    /// prescribed is not said.
    public record Elsewhere(String name, String until) {}

    /// A line of another prescription of the patient that is not over.
    ///
    /// @param written when it was written
    public record Running(Line line, String number, String written) {}

    /// One line of it.
    public record Line(String name, String dosage, String quantity, String days, String kind) {}
}
