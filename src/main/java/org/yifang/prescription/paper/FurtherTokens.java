package org.yifang.prescription.paper;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/// Codes and identifiers that a resource has beside the one with a column of its own, as a
/// hospital's code of a drug: searches find them, too. They are kept as hashes, a few bytes each
/// whatever was sent, and for everything that a search may ask of them: `code`, `system|code`,
/// `|code` and `system|`, and whether there is one at all.
public final class FurtherTokens {
    /// Stands between the keys of a resource.
    private static final String BETWEEN = " ";

    private static final int KEY_BYTES = 12;

    private final Set<String> keys = new LinkedHashSet<>();

    /// The codings of a CodeableConcept, or of a list of them.
    ///
    /// @param parameter the search parameter that asks for them
    /// @param ownSystem with `ownCode`, the one that has a column
    public FurtherTokens codings(
            String parameter, JsonNode concepts, String ownSystem, String ownCode) {
        if (concepts.isArray()) {
            concepts.forEach(one -> codings(parameter, one, ownSystem, ownCode));
            return this;
        }
        for (JsonNode coding : concepts.path("coding")) {
            add(parameter, coding, "code", ownSystem, ownCode);
        }
        return this;
    }

    /// The identifiers of a resource, or the only one.
    ///
    /// @param ownSystem with `ownValue`, the one that has a column
    public FurtherTokens identifiers(
            JsonNode identifiers, String ownSystem, @Nullable String ownValue) {
        if (identifiers.isArray()) {
            identifiers.forEach(one -> identifiers(one, ownSystem, ownValue));
            return this;
        }
        add("identifier", identifiers, "value", ownSystem, ownValue);
        return this;
    }

    private void add(
            String parameter,
            JsonNode token,
            String name,
            String ownSystem,
            @Nullable String ownCode) {
        String code = token.path(name).asText();
        String system = token.path("system").asText();
        boolean own = code.equals(ownCode) && system.equals(ownSystem);
        if (own || code.isEmpty()) {
            return;
        }
        keys.add(key(parameter, null, null));
        keys.add(key(parameter, null, code));
        keys.add(key(parameter, system, code));
        if (!system.isEmpty()) {
            keys.add(key(parameter, system, null));
        }
    }

    /// What is kept, or null when there is nothing beside what has its column.
    public @Nullable String kept() {
        return keys.isEmpty() ? null : String.join(BETWEEN, keys);
    }

    /// What stands for a question.
    ///
    /// @param system null: whatever it is; empty: none
    /// @param code null: whatever it is
    public static String key(String parameter, @Nullable String system, @Nullable String code) {
        String asked =
                parameter
                        + (system == null ? "" : "\u0001" + system)
                        + (code == null ? "" : "\u0002" + code);
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(asked.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(hash, KEY_BYTES));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
