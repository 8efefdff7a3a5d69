package org.yifang.prescription.submit;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.PrescribingLimits;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What the rules of prescribing look at, and where they note what they find.
///
/// @param submission the document as read
/// @param caller number of the hospital that calls
/// @param now the moment of the call
/// @param limits what the region decides
/// @param titles the registered rank of a physician by staff number, in words, or null
/// @param findings noted so far
record Inspection(
        Submission submission,
        String caller,
        Instant now,
        PrescribingLimits limits,
        RegisteredTitles titles,
        List<Finding> findings) {

    Inspection(
            Submission submission,
            String caller,
            Instant now,
            PrescribingLimits limits,
            RegisteredTitles titles) {
        this(submission, caller, now, limits, titles, new ArrayList<>());
    }

    void refuse(ProblemCode code, @Nullable String expression, String detail, String remedy) {
        findings.add(new Finding(code, detail, remedy, expression, false));
    }

    void warn(ProblemCode code, @Nullable String expression, String detail, String remedy) {
        findings.add(new Finding(code, detail, remedy, expression, true));
    }
}
