package org.yifang.console.frame;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;

/// What a page is made of could not be read: it would say that there is nothing where nobody knows.
public final class BrokenRead extends Problem {
    private static final long serialVersionUID = 1L;

    private final transient List<Trouble> troubles;

    /// @param status of the answer: 429, or 500 and above
    BrokenRead(int status, List<Trouble> troubles) {
        super(
                code(status),
                "The page could not be read now.",
                "Send the same request again after a moment.");
        this.troubles = List.copyOf(troubles);
    }

    private static ProblemCode code(int status) {
        if (status == ProblemCode.INTERNAL.status()) {
            return ProblemCode.INTERNAL;
        }
        return status == ProblemCode.TOO_MANY_REQUESTS.status()
                ? ProblemCode.BUSY
                : ProblemCode.DATABASE_AWAY;
    }

    /// What was said, in the reader's language.
    public List<Trouble> troubles() {
        return troubles;
    }
}
