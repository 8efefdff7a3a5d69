package org.yifang.platform;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/// Reads comma-separated values as [Csv] does, some rows at a time, of a text that is never in
/// memory as a whole.
public final class CsvRows implements Closeable {
    /// Characters of one row: a longer one has a quote that never ends.
    private static final int ROW_MOST = 1024 * 1024;

    private static final int END = -1;

    private final Reader text;
    private final char[] buffer = new char[16 * 1024];
    private int filled;
    private int at;
    private int line = 1;
    private int rowLength;
    private boolean begun;

    /// @param text of a decoder that reports what is none of its charset
    public CsvRows(Reader text) {
        this.text = text;
    }

    /// The next rows, fewer at the end, none behind it.
    ///
    /// @throws Problem when the text is not of its charset, or a row never ends
    public List<Csv.Row> next(int most) {
        List<Csv.Row> rows = new ArrayList<>();
        if (!begun) {
            begun = true;
            if (peek() == '\uFEFF') {
                take();
            }
        }
        while (rows.size() < most && peek() != END) {
            int start = line;
            rowLength = 0;
            if (peek() == '#') {
                skipLine();
                continue;
            }
            List<String> fields = fields();
            if (!(fields.size() == 1 && fields.getFirst().isBlank())) {
                rows.add(new Csv.Row(start, List.copyOf(fields)));
            }
        }
        return rows;
    }

    private void skipLine() {
        int one = take();
        while (one != '\n' && one != END) {
            rowLength = 0;
            one = take();
        }
        line++;
    }

    private List<String> fields() {
        List<String> fields = new ArrayList<>();
        while (true) {
            fields.add(peek() == '"' ? quoted() : plain());
            int end = take();
            if (end == '\r' && peek() == '\n') {
                take();
            }
            if (end != ',') {
                line += end == END ? 0 : 1;
                return fields;
            }
        }
    }

    private String plain() {
        StringBuilder field = new StringBuilder();
        int one = peek();
        while (one != ',' && one != '\r' && one != '\n' && one != END) {
            field.append((char) take());
            one = peek();
        }
        return field.toString().strip();
    }

    private String quoted() {
        int start = line;
        StringBuilder field = new StringBuilder();
        take();
        while (peek() != END && rowLength < ROW_MOST) {
            int next = take();
            if (next == '"') {
                if (peek() != '"') {
                    return field.append(plain()).toString();
                }
                take();
            } else if (next == '\n') {
                line++;
            }
            field.append((char) next);
        }
        throw new Problem(
                ProblemCode.UNREADABLE,
                "The quoted field that begins on line %d never ends.".formatted(start),
                "A quote inside a quoted field is written twice.");
    }

    private int peek() {
        if (at == filled) {
            try {
                filled = Math.max(0, text.read(buffer));
                at = 0;
            } catch (CharacterCodingException _) {
                throw new Problem(
                        ProblemCode.UNREADABLE,
                        "The text is not written in the charset that it names, or in UTF-8 where it"
                                + " names none: see line %d or soon after.".formatted(line),
                        "Send `text/csv;charset=GB18030` for GB18030.");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return at < filled ? buffer[at] : END;
    }

    private int take() {
        int one = peek();
        if (one != END) {
            at++;
            if (++rowLength > ROW_MOST + 1) {
                throw new Problem(
                        ProblemCode.UNREADABLE,
                        "Line %d is longer than %d characters.".formatted(line, ROW_MOST),
                        "End each row with a line feed.");
            }
        }
        return one;
    }

    @Override
    public void close() {
        try {
            text.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
