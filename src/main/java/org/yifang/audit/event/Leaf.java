package org.yifang.audit.event;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One entry of the log: which event, and a commitment to each of its fields; nothing of the fields
/// themselves.
///
/// @param id the AuditEvent's id
/// @param type code of AuditEvent.type, as `rest`
/// @param commitments by field name
public record Leaf(UUID id, String type, SortedMap<String, Hash> commitments) {
    /// The version of the format; a reader refuses any that it does not know.
    public static final int VERSION = 1;

    private static final String NAME = "[a-z0-9][a-z0-9.-]{0,63}";
    private static final String BASE64 = "[A-Za-z0-9+/]{43}=";
    private static final Pattern FIELD = Pattern.compile("\"(" + NAME + ")\":\"(" + BASE64 + ")\"");
    private static final Pattern WHOLE =
            Pattern.compile(
                    "\\{\"commitments\":\\{([^{}]*)},\"id\":\"([0-9a-f-]{36})\",\"type\":\"("
                            + NAME
                            + ")\",\"version\":(\\d{1,9})}");

    public Leaf {
        if (!type.matches(NAME)) {
            throw new IllegalArgumentException("`" + type + "` cannot be a leaf's type.");
        }
        commitments = new TreeMap<>(commitments);
    }

    /// The entry as it stands in the log: RFC 8785 JSON in UTF-8.
    public byte[] encode() {
        StringBuilder json = new StringBuilder(64 * commitments.size() + 128);
        json.append("{\"commitments\":{");
        boolean first = true;
        for (Map.Entry<String, Hash> field : commitments.entrySet()) {
            json.append(first ? "\"" : ",\"").append(field.getKey()).append("\":\"");
            json.append(field.getValue().base64()).append('"');
            first = false;
        }
        json.append("},\"id\":\"").append(id).append("\",\"type\":\"").append(type);
        json.append("\",\"version\":").append(VERSION).append('}');
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Reads an entry.
    ///
    /// @throws IllegalArgumentException when it is not exactly what [#encode] writes
    public static Leaf decode(byte[] entry) {
        String json = new String(entry, StandardCharsets.UTF_8);
        Matcher parts = WHOLE.matcher(json);
        if (!parts.matches()) {
            throw new IllegalArgumentException("The entry is not the JSON of a leaf.");
        }
        if (!String.valueOf(VERSION).equals(parts.group(4))) {
            throw new IllegalArgumentException(
                    "The leaf has version %s; known is %d.".formatted(parts.group(4), VERSION));
        }
        SortedMap<String, Hash> commitments = new TreeMap<>();
        Matcher field = FIELD.matcher(parts.group(1));
        while (field.find()) {
            commitments.put(field.group(1), Hash.ofBase64(field.group(2)));
        }
        Leaf leaf = new Leaf(UUID.fromString(parts.group(2)), parts.group(3), commitments);
        if (!java.util.Arrays.equals(leaf.encode(), entry)) {
            throw new IllegalArgumentException("The leaf is not in its canonical form.");
        }
        return leaf;
    }

    /// Whether `value` with `salt` is what this leaf committed to under `field`.
    public boolean opens(String field, byte[] salt, @Nullable String value) {
        Hash commitment = commitments.get(field);
        return commitment != null
                && salt.length == Commitment.SALT_BYTES
                && commitment.equals(Commitment.of(salt, value));
    }
}
