package org.yifang.fhir;

import java.util.Optional;
import java.util.UUID;

/// Reads ids as they stand in paths, references and parameters.
public final class Ids {
    private static final int ID_LENGTH_MAX = 64;
    private static final int UUID_LENGTH = 36;

    /// `UUID.fromString` takes shorter forms too; one resource has one address.
    public static Optional<UUID> uuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return Optional.empty();
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? text.charAt(i) != '-' : !isHexadecimal(text.charAt(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(UUID.fromString(text));
    }

    private static boolean isHexadecimal(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    /// Whether it is an `id` of FHIR: letters, digits, `-` and `.`, at most 64.
    public static boolean isId(String text) {
        if (text.isEmpty() || text.length() > ID_LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private Ids() {}
}
