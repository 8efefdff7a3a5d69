package org.yifang.prescription;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Problem.Finding;
import org.yifang.platform.ProblemCode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What the rules of prescribing look at, and where they note what they find.
///
/// @param submission the document as read
/// @param caller number of the hospital that calls
/// @param now the moment of the call
/// @param settings what the region decides
/// @param findings noted so far
record Rule(
        Submission submission,
        String caller,
        Instant now,
        Settings settings,
        List<Finding> findings) {

    /// Limits of prescribing that a region sets differently.
    ///
    /// @param linesMost western and Chinese patent drugs on one prescription
    /// @param supplyDays of an ordinary prescription
    /// @param emergencyDays of an emergency prescription
    /// @param validityDays at most
    /// @param calendarDay whether validity ends with its last calendar day
    /// @param longDays of a long prescription without assessment
    /// @param longDaysMost of a long prescription with one
    /// @param coldChainCirculates whether cold chain drugs may leave the hospital
    record Settings(
            int linesMost,
            int supplyDays,
            int emergencyDays,
            int validityDays,
            boolean calendarDay,
            int longDays,
            int longDaysMost,
            boolean coldChainCirculates) {
        static final Settings DEFAULT = new Settings(5, 7, 3, 3, false, 28, 84, true);
    }

    Rule(Submission submission, String caller, Instant now, Settings settings) {
        this(submission, caller, now, settings, new ArrayList<>());
    }

    void refuse(ProblemCode code, @Nullable String expression, String detail, String remedy) {
        findings.add(new Finding(code, detail, remedy, expression, false));
    }

    void warn(ProblemCode code, @Nullable String expression, String detail, String remedy) {
        findings.add(new Finding(code, detail, remedy, expression, true));
    }
}
