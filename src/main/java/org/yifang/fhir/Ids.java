package org.yifang.fhir;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Reads ids as they stand in paths, references and parameters.
final class Ids {
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /// FHIR's `id`: letters, digits, `-` and `.`, at most 64.
    private static final Pattern ID_FORM = Pattern.compile("[A-Za-z0-9.-]{1,64}");

    /// `UUID.fromString` takes shorter forms too; one resource has one address.
    static Optional<UUID> uuid(String text) {
        return UUID_FORM.matcher(text).matches()
                ? Optional.of(UUID.fromString(text))
                : Optional.empty();
    }

    static boolean isId(String text) {
        return ID_FORM.matcher(text).matches();
    }

    private Ids() {}
}
