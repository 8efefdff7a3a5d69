package org.yifang.fhir.rest;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Versions as HTTP entity tags: `W/"3"`.
final class ETags {
    private static final Pattern FORM = Pattern.compile("(?:W/)?\"(\\d{1,18})\"");

    static String of(long version) {
        return "W/\"" + version + '"';
    }

    /// The version that a header names.
    ///
    /// @throws Problem `RX-1403` when it is written otherwise
    static long version(String header) {
        Matcher matcher = FORM.matcher(header.strip());
        if (!matcher.matches()) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The header `If-Match` is `" + header + "`.",
                    "Write it `W/\"n\"`, n being the version that you read.");
        }
        return Long.parseLong(matcher.group(1));
    }

    /// Whether one of the tags in an `If-None-Match` is this version (weak comparison).
    static boolean matches(String ifNoneMatch, long version) {
        if (ifNoneMatch.strip().equals("*")) {
            return true;
        }
        String wanted = '"' + Long.toString(version) + '"';
        for (String one : ifNoneMatch.split(",", -1)) {
            String tag = one.strip();
            if (tag.equals(wanted) || tag.equals("W/" + wanted)) {
                return true;
            }
        }
        return false;
    }

    private ETags() {}
}
