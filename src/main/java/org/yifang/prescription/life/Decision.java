package org.yifang.prescription.life;

import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;

/// What a rule decided. A refusal is a value, since it is recorded like a change.
public sealed interface Decision {
    /// The prescription changes.
    record Changed(Prescription next) implements Decision {}

    /// It is as the caller wants it already: a repeated call.
    record Unchanged(Prescription current) implements Decision {}

    /// The command is refused; the first finding decides the answer's status.
    record Refused(List<Finding> findings) implements Decision {
        public Refused(ProblemCode code, String detail, String remedy) {
            this(List.of(new Finding(code, detail, remedy)));
        }

        public ProblemCode code() {
            return findings.getFirst().code();
        }
    }
}
