package org.yifang.fhir;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/// Keeps people's numbers out of what is kept for good: request ids, ids in paths and search
/// parameters are the caller's own words, and callers write identity cards into all of them.
public final class Redaction {
    /// An identity card of 18 or 15 digits, or a mobile number.
    private static final Pattern NUMBER =
            Pattern.compile(
                    "(?<![0-9])(?:[1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{14}|1[3-9][0-9]{9})(?![0-9])");

    /// Whether a text holds what looks like a person's number.
    public static boolean isPersonal(String text) {
        return Ids.uuid(text).isEmpty() && NUMBER.matcher(text).find();
    }

    /// The text with `…` where a person's number stands.
    public static @Nullable String of(@Nullable String text) {
        return text == null ? null : NUMBER.matcher(text).replaceAll("…");
    }

    private Redaction() {}
}
