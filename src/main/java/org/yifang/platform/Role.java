package org.yifang.platform;

/// What a client may be; one client has exactly one.
public enum Role {
    HOSPITAL,
    REVIEWER,
    PHARMACY,
    PATIENT,
    BUREAU,
    AUDITOR,
    OPERATOR;

    /// The role as it is written in tokens, tables and pages.
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// Reads what [#code] wrote.
    public static Role of(String code) {
        return valueOf(code.toUpperCase(java.util.Locale.ROOT));
    }
}
