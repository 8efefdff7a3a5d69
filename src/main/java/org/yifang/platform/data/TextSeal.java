package org.yifang.platform.data;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;

/// Seals what people say in their own words, and the names of staff, where a column or a document
/// holds text: a mark, and the sealed bytes in base64. What the version before wrote stands there
/// in clear and is read as it is.
///
/// @param seal makes of bytes what only `open` reads
/// @param open reads it
public record TextSeal(KeyUse seal, KeyUse open) {
    /// Nobody else writes this: every text is sealed on its way in.
    private static final String MARK = "sealed:1:";

    private static final String MEMBER = "\"text\":\"";
    private static final byte[] MARKED = bytes(MEMBER + MARK);

    /// For those who have no keys: what is stored is passed on.
    public static final TextSeal NONE = new TextSeal(plain -> plain, sealed -> sealed);

    public String seal(String text) {
        return equals(NONE)
                ? text
                : MARK
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(seal.apply(bytes(text)));
    }

    /// The text of a column.
    public String open(String stored) {
        return equals(NONE) || !isSealed(stored)
                ? stored
                : new String(
                        open.apply(Base64.getUrlDecoder().decode(stored.substring(MARK.length()))),
                        StandardCharsets.UTF_8);
    }

    /// Whether a stored text is sealed.
    public static boolean isSealed(String stored) {
        return stored.startsWith(MARK);
    }

    /// What the texts of all columns that are sealed begin with, for searches.
    public static String mark() {
        return MARK;
    }

    /// Whether a stored resource has a sealed member `text`.
    public static boolean hasSealed(byte[] json) {
        return find(json, 0) >= 0;
    }

    /// A stored resource with each sealed member `text` opened.
    ///
    /// @param quoted writes a text as JSON
    public byte[] openAll(byte[] json, UnaryOperator<String> quoted) {
        int at = find(json, 0);
        if (at < 0) {
            return json;
        }
        StringBuilder opened = new StringBuilder(json.length);
        int done = 0;
        while (at >= 0) {
            int from = at + MEMBER.length();
            int to = from;
            while (json[to] != '"') {
                to++;
            }
            opened.append(text(json, done, from - 1));
            opened.append(quoted.apply(open(text(json, from, to))));
            done = to + 1;
            at = find(json, done);
        }
        return bytes(opened.append(text(json, done, json.length)).toString());
    }

    private static int find(byte[] json, int from) {
        int last = json.length - MARKED.length;
        for (int at = from; at <= last; at++) {
            if (json[at] == '"' && json[at + 1] == 't' && isMarked(json, at)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isMarked(byte[] json, int at) {
        for (int i = 2; i < MARKED.length; i++) {
            if (json[at + i] != MARKED[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
