package org.yifang.simulate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Documents encoded in advance, so that a load costs its own machine little: only the number is
/// set anew each time.
final class DocumentPool {
    /// Stands where the number goes; nothing else in a document looks like it.
    private static final String HERE = "@NUMBER@";

    private static final String PATH = "/fhir/$submit-prescription";

    private final List<Buffer[]> documents;
    private final String prefix;
    private int next;

    private DocumentPool(List<Buffer[]> documents, String prefix) {
        this.documents = documents;
        this.prefix = prefix;
    }

    /// The documents of all visits to the first hospital.
    static DocumentPool of(List<Visit> visits, Instant written) {
        County.Hospital hospital = County.HOSPITALS.getFirst();
        List<Buffer[]> documents = new ArrayList<>();
        for (Visit visit : visits) {
            if (visit.hospital().equals(hospital)) {
                String text = RxDocument.of(visit, HERE, written, written).encode();
                documents.add(pieces(text));
            }
        }
        String run = Long.toString(written.getEpochSecond(), Character.MAX_RADIX);
        return new DocumentPool(
                documents, hospital.client().organization() + "-bench-" + run + "-");
    }

    private static Buffer[] pieces(String text) {
        String[] parts = text.split(HERE, -1);
        Buffer[] pieces = new Buffer[parts.length];
        for (int i = 0; i < parts.length; i++) {
            pieces[i] = Buffer.buffer(parts[i].getBytes(UTF_8));
        }
        return pieces;
    }

    /// The next prescription, with a number that was never used; for one thread.
    Load.Call next() {
        Buffer[] pieces = documents.get(next % documents.size());
        byte[] number = (prefix + next++).getBytes(UTF_8);
        Buffer body = Buffer.buffer();
        for (int i = 0; i < pieces.length; i++) {
            if (i > 0) {
                body.appendBytes(number);
            }
            body.appendBuffer(pieces[i]);
        }
        return new Load.Call(HttpMethod.POST, PATH, body);
    }
}
