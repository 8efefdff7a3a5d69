package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/// Where a prescription may be dispensed.
public enum Circulation {
    OPEN,
    ISSUING_HOSPITAL;

    /// As documents say it and rows hold it.
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Whether a code is this one.
    public boolean is(@Nullable String code) {
        return code().equals(code);
    }
}
