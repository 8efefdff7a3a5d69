package org.yifang.audit.verify;

import java.util.ArrayList;
import java.util.List;

/// What a check found wrong, in the order in which it was found.
final class LogFindings {
    /// More than anyone reads.
    private static final int MOST = 1000;

    private final List<LogFinding> findings = new ArrayList<>();

    void add(LogFinding finding) {
        if (findings.size() < MOST) {
            findings.add(finding);
        }
    }

    List<LogFinding> all() {
        return List.copyOf(findings);
    }

    void clear() {
        findings.clear();
    }
}
