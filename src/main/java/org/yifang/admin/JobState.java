package org.yifang.admin;

import java.util.Locale;

/// How far a job is that an operator asked for.
enum JobState {
    WAITING,
    RUNNING,
    DONE,
    FAILED;

    /// As it is stored and told.
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
