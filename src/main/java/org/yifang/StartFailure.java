package org.yifang;

import org.yifang.audit.log.LogRefused;
import org.yifang.identity.seal.SealBroken;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.DatabaseAway;

/// Why the service does not start, as whoever started it reads it: the last lines they see.
///
/// @param text what is wrong and what would be right
record StartFailure(String text, int exitCode) {
    /// EX_CONFIG of sysexits.h: the configuration cannot be used.
    static final int CONFIGURATION = 78;

    /// EX_TEMPFAIL of sysexits.h: the same start may succeed later, so that whatever watches the
    /// process tries it again.
    private static final int LATER = 75;

    /// EX_SOFTWARE of sysexits.h: a fault of ours.
    private static final int SOFTWARE = 70;

    static StartFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case Config.Invalid invalid -> {
                    return operators(String.valueOf(invalid.getMessage()));
                }
                case DatabaseAway away -> {
                    return new StartFailure(String.valueOf(away.getMessage()), LATER);
                }
                case LogRefused refused -> {
                    return operators(String.valueOf(refused.getMessage()));
                }
                case SealBroken broken -> {
                    return operators(
                            "The master key is not that of this database ("
                                    + broken.getMessage()
                                    + "). Give the service the key file in YIFANG_DATA, or"
                                    + " YIFANG_MASTER_KEY, that belongs to it.");
                }
                case java.net.BindException _ -> {
                    return operators(StartChecks.TAKEN);
                }
                default -> {}
            }
        }
        return new StartFailure(
                "Yifang does not start, by a fault of its own. Please report this:"
                        + System.lineSeparator()
                        + trace(failure),
                SOFTWARE);
    }

    private static StartFailure operators(String text) {
        return new StartFailure(text, CONFIGURATION);
    }

    private static String trace(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement element : failure.getStackTrace()) {
            if (element.getClassName().startsWith("org.yifang.")) {
                text.append("  at ").append(element).append(System.lineSeparator());
            }
        }
        return text.append(failure).toString();
    }
}
