package org.yifang.fhir.json;

import org.yifang.platform.Limits;
import org.yifang.platform.XmlCharacters;

import java.nio.charset.StandardCharsets;

/// Walks over the texts, numbers and marks of a JSON body, byte by byte.
final class JsonTokens {
    /// What a double carries (RFC 7493 section 2.2). Beyond it, nine characters could ask a decimal
    /// type for a gigabyte of zeros.
    static final int EXPONENT_MAX = 308;

    /// FHIR asks for 18 digits; reading a number takes time with the square of its length.
    static final int NUMBER_BYTES_MAX = 64;

    private static final int END = -1;

    private final byte[] json;

    /// Where the next byte is read.
    int at;

    /// The first character of the string passed last that XML 1.0 cannot carry, or
    /// [XmlCharacters#NONE].
    int unfit = XmlCharacters.NONE;

    JsonTokens(byte[] json) {
        this.json = json;
    }

    /// The next byte, unsigned, or -1 behind the last.
    int peek() {
        return at < json.length ? json[at] & 0xFF : END;
    }

    /// Whether it begins with the byte order mark of UTF-8 or of UTF-16.
    boolean isMarked() {
        int first = json.length > 0 ? json[0] & 0xFF : END;
        int second = json.length > 1 ? json[1] & 0xFF : END;
        return (first == 0xEF && second == 0xBB)
                || (first == 0xFE && second == 0xFF)
                || (first == 0xFF && second == 0xFE);
    }

    void end() throws NotJson {
        if (at < json.length) {
            throw broken("Something follows the end of the JSON value");
        }
    }

    /// Passes a string; true when it holds escapes.
    boolean string() throws NotJson {
        boolean escaped = false;
        unfit = XmlCharacters.NONE;
        at++;
        while (true) {
            int next = peek();
            if (next == '"') {
                at++;
                return escaped;
            } else if (next == END) {
                throw broken("A text does not end");
            } else if (next < ' ') {
                throw broken("A control character stands in a text unescaped");
            } else if (next == '\\') {
                escaped = true;
                escape();
            } else if (next < 0x80) {
                at++;
            } else {
                character(next);
            }
        }
    }

    private void escape() throws NotJson {
        at++;
        switch (peek()) {
            case '"', '\\', '/', 'n', 'r', 't' -> at++;
            case 'b' -> {
                met('\b');
                at++;
            }
            case 'f' -> {
                met('\f');
                at++;
            }
            case 'u' -> {
                char first = hexadecimal();
                if (first == 0) {
                    // FHIR forbids it, and PostgreSQL takes it in no text.
                    throw broken("A text holds the character U+0000");
                }
                met(first);
                if (Character.isLowSurrogate(first)) {
                    throw broken("A text holds half of a surrogate pair");
                }
                if (Character.isHighSurrogate(first)) {
                    boolean pair = at + 1 < json.length && json[at] == '\\' && json[at + 1] == 'u';
                    at++;
                    if (!pair || !Character.isLowSurrogate(hexadecimal())) {
                        throw broken("A text holds half of a surrogate pair");
                    }
                }
            }
            default -> throw broken("An unknown escape stands in a text");
        }
    }

    private void met(int character) {
        if (unfit == XmlCharacters.NONE && XmlCharacters.isUnfit(character)) {
            unfit = character;
        }
    }

    /// Passes `uXXXX`.
    private char hexadecimal() throws NotJson {
        int value = 0;
        for (int i = 1; i <= 4; i++) {
            int digit = at + i < json.length ? Character.digit(json[at + i], 16) : -1;
            if (digit < 0) {
                throw broken("`\\u` needs four hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        at += 5;
        return (char) value;
    }

    /// Passes one character of two to four bytes, by the table of RFC 3629 section 4.
    private void character(int first) throws NotJson {
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        int second = at + 1 < json.length ? json[at + 1] & 0xFF : 0;
        boolean whole =
                first >= 0xC2
                        && first <= 0xF4
                        && second >= (first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80)
                        && second <= (first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF)
                        && at + length <= json.length;
        for (int i = 2; whole && i < length; i++) {
            whole = (json[at + i] & 0xC0) == 0x80;
        }
        if (!whole) {
            throw broken("The bytes of a text are not UTF-8");
        }
        if (first == 0xEF && second == 0xBF) {
            met(0xFFC0 | json[at + 2] & 0x3F);
        }
        at += length;
    }

    void number() throws NotJson {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits(start);
        }
        if (peek() == '.') {
            at++;
            digits(start);
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            int exponent = at;
            digits(start);
            if (exponent(exponent) > EXPONENT_MAX) {
                throw broken("A number has an exponent beyond " + EXPONENT_MAX);
            }
        }
        if (at - start > NUMBER_BYTES_MAX) {
            throw broken("A number is longer than " + NUMBER_BYTES_MAX + " characters");
        }
    }

    private int exponent(int from) {
        int value = 0;
        for (int i = from; i < at && value <= EXPONENT_MAX; i++) {
            value = value * 10 + (json[i] - '0');
        }
        return value;
    }

    private void digits(int numberStart) throws NotJson {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == start) {
            throw broken(
                    at == numberStart ? "A JSON value is expected" : "A number is not finished");
        }
    }

    void literal(String word) throws NotJson {
        for (int i = 0; i < word.length(); i++, at++) {
            if (peek() != word.charAt(i)) {
                throw broken("A JSON value is expected");
            }
        }
    }

    void space() {
        while (at < json.length) {
            switch (json[at]) {
                case ' ', '\n', '\r', '\t' -> at++;
                default -> {
                    return;
                }
            }
        }
    }

    /// Refuses a narrative that just ended when reading it would lead too far: its tags are XML
    /// inside the text, escaped or not.
    void narrative(int from) throws NotJson {
        int tags = 0;
        int depth = 0;
        for (int i = from; i < at; i++) {
            boolean escaped = json[i] == '\\' && i + 5 < at && isEscapedBracket(i);
            if (json[i] != '<' && !escaped) {
                continue;
            }
            int next = i + (escaped ? 6 : 1);
            depth += next < at && json[next] == '/' ? -1 : isEmptyTag(next) ? 0 : 1;
            if (++tags > 2 * Limits.NARRATIVE_TAGS || depth > StrictJson.DEPTH_MAX) {
                throw broken(
                        "A narrative has more than "
                                + Limits.NARRATIVE_TAGS
                                + " elements or "
                                + StrictJson.DEPTH_MAX
                                + " levels");
            }
        }
    }

    private boolean isEscapedBracket(int i) {
        return json[i + 1] == 'u'
                && json[i + 2] == '0'
                && json[i + 3] == '0'
                && json[i + 4] == '3'
                && (json[i + 5] == 'c' || json[i + 5] == 'C');
    }

    private boolean isEmptyTag(int from) {
        for (int i = from; i < at; i++) {
            if (json[i] == '>') {
                return json[i - 1] == '/';
            }
        }
        return false;
    }

    void expect(char wanted) throws NotJson {
        if (peek() != wanted) {
            throw broken("`" + wanted + "` is expected");
        }
        at++;
    }

    /// A name as it is meant: with or without escapes it is the same.
    String text(int start, int end, boolean escaped) {
        String raw = new String(json, start, end - start, StandardCharsets.UTF_8);
        if (!escaped) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char next = raw.charAt(i);
            if (next != '\\') {
                text.append(next);
                continue;
            }
            char kind = raw.charAt(++i);
            if (kind == 'u') {
                text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                i += 4;
            } else {
                int control = "bfnrt".indexOf(kind);
                text.append(control < 0 ? kind : "\b\f\n\r\t".charAt(control));
            }
        }
        return text.toString();
    }

    NotJson broken(String what) {
        return new NotJson(what);
    }

    /// Where the walk stands, for a person: `line 3, byte 14`.
    String place() {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at && i < json.length; i++) {
            if (json[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return "line " + line + ", byte " + (at - lineStart + 1);
    }

    /// The bytes are not JSON; the message says why, without the place.
    static final class NotJson extends Exception {
        private static final long serialVersionUID = 1L;

        private NotJson(String message) {
            super(message, null, false, false);
        }
    }
}
