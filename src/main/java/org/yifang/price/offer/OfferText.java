package org.yifang.price.offer;

import io.vertx.core.buffer.Buffer;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.function.Consumer;

/// Turns pieces of a body into records of text as they arrive, so that a file of any length takes
/// no more memory than its longest record. A line break inside quotes does not end a CSV record.
final class OfferText {
    /// The longest record, in characters; an offer takes about a hundred, as FHIR a few thousand.
    private static final int RECORD_MOST = 64 * 1024;

    private final CharsetDecoder decoder;
    private final boolean quotes;
    private final Consumer<String> records;
    private final StringBuilder record = new StringBuilder();
    private final CharBuffer decoded = CharBuffer.allocate(8 * 1024);
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private boolean quoted;
    private boolean first = true;
    private long bytes;

    /// @param quotes whether a quoted line break belongs to the record (CSV)
    OfferText(Charset charset, boolean quotes, Consumer<String> records) {
        this.decoder =
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.quotes = quotes;
        this.records = records;
    }

    void piece(Buffer piece) {
        byte[] more = piece.getBytes();
        ByteBuffer in = ByteBuffer.allocate(rest.remaining() + more.length);
        in.put(rest).put(more).flip();
        decode(in, false);
        rest = in.slice();
        bytes += more.length;
    }

    /// Ends the text; its last record needs no line break.
    void end() {
        decode(rest, true);
        if (!record.isEmpty()) {
            emit();
        }
    }

    private void decode(ByteBuffer in, boolean last) {
        while (true) {
            CoderResult result = decoder.decode(in, decoded, last);
            decoded.flip();
            characters(decoded);
            decoded.clear();
            if (result.isError()) {
                throw new Problem(
                        ProblemCode.UNREADABLE,
                        "The text is not written in `%s`: near byte %d."
                                .formatted(decoder.charset().name(), bytes),
                        "Name the charset in Content-Type: UTF-8 or GB18030.");
            }
            if (result.isUnderflow()) {
                return;
            }
        }
    }

    private void characters(CharBuffer characters) {
        while (characters.hasRemaining()) {
            char next = characters.get();
            if (first) {
                first = false;
                if (next == '\uFEFF') {
                    continue;
                }
            }
            if (quotes && next == '"') {
                quoted = !quoted;
            }
            if (next == '\n' && !quoted) {
                emit();
                continue;
            }
            if (record.length() == RECORD_MOST) {
                throw new Problem(
                        ProblemCode.UNREADABLE,
                        "A row is longer than " + RECORD_MOST + " characters.",
                        "Is a quote missing?");
            }
            record.append(next);
        }
    }

    private void emit() {
        int length = record.length();
        if (length > 0 && record.charAt(length - 1) == '\r') {
            record.setLength(length - 1);
        }
        String text = record.toString();
        record.setLength(0);
        records.accept(text);
    }
}
