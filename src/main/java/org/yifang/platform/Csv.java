package org.yifang.platform;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads comma-separated values (RFC 4180), so that every import reads them alike.
///
/// Lines that begin with `#` and blank lines are passed over; a byte order mark too.
public final class Csv {
    /// One row and the line of the file that it begins on, counted from 1.
    public record Row(int line, List<String> fields) {
        /// What of the row could never be sent on as XML, as a sentence; empty when all can.
        public Optional<String> unfit() {
            for (int i = 0; i < fields.size(); i++) {
                int at = XmlCharacters.firstUnfit(fields.get(i));
                if (at != XmlCharacters.NONE) {
                    String character = XmlCharacters.named(fields.get(i).charAt(at));
                    return Optional.of(
                            "Field %d holds the character %s, which no text holds here."
                                    .formatted(i + 1, character));
                }
            }
            return Optional.empty();
        }
    }

    private final String text;
    private int at;
    private int line = 1;

    private Csv(String text) {
        this.text = text;
    }

    /// All rows of a file, the header first.
    ///
    /// @throws Problem when the bytes are not of this charset, or a quoted field never ends
    public static List<Row> read(byte[] bytes, Charset charset) {
        String text = decoded(bytes, charset);
        return new Csv(text.startsWith("\uFEFF") ? text.substring(1) : text).rows();
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        while (at < text.length()) {
            int start = line;
            boolean comment = text.charAt(at) == '#';
            List<String> fields = comment ? skippedLine() : fields();
            if (!fields.isEmpty() && !(fields.size() == 1 && fields.getFirst().isBlank())) {
                rows.add(new Row(start, List.copyOf(fields)));
            }
        }
        return rows;
    }

    private List<String> skippedLine() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end + 1;
        line++;
        return List.of();
    }

    private List<String> fields() {
        List<String> fields = new ArrayList<>();
        while (true) {
            fields.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            if (at >= text.length()) {
                return fields;
            }
            char end = text.charAt(at++);
            if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            if (end != ',') {
                line++;
                return fields;
            }
        }
    }

    private String plain() {
        int start = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at).strip();
    }

    private String quoted() {
        int start = line;
        StringBuilder field = new StringBuilder();
        at++;
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next == '"') {
                if (at >= text.length() || text.charAt(at) != '"') {
                    return field.append(plain()).toString();
                }
                at++;
            } else if (next == '\n') {
                line++;
            }
            field.append(next);
        }
        throw new Problem(
                ProblemCode.UNREADABLE,
                "The quoted field that begins on line %d never ends.".formatted(start),
                "A quote inside a quoted field is written twice.");
    }

    private static String decoded(byte[] bytes, Charset charset) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            CharBuffer out =
                    charset.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(in);
            return out.toString();
        } catch (CharacterCodingException _) {
            throw new Problem(
                    ProblemCode.UNREADABLE,
                    "The text is not written in `%s`: the bytes at offset %d are none of it."
                            .formatted(charset.name(), in.position()));
        }
    }
}
