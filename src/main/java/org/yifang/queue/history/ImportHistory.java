package org.yifang.queue.history;

import io.vertx.core.Vertx;

import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Csv;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;
import org.yifang.platform.edge.Spool;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `$import-history`: takes files of the time before the platform, looks at their header and hands
/// them to whoever reads such files.
public final class ImportHistory {
    /// Reads one kind of file.
    public interface Reader {
        /// Whether a file with these column names is of this kind.
        boolean reads(List<String> header);

        /// What the header of such a file is, for those who sent another.
        String header();

        /// How many rows a file of this kind may have: where they are all needed at once, few.
        default int rowsMost() {
            return Integer.MAX_VALUE;
        }

        /// Takes the rows in; the caller's right to each row is the reader's to judge.
        Counts take(Caller caller, File file);
    }

    /// A file.
    ///
    /// @param header the column names
    /// @param rows all rows behind the header
    /// @param sha256 hash of the bytes as received
    public record File(List<String> header, List<Csv.Row> rows, byte[] sha256) {}

    /// What became of a file.
    ///
    /// @param refused rows that were not taken in, the first thousand told
    public record Counts(int accepted, int repeated, int refusedRows, List<Refused> refused) {}

    /// A row that was not taken in.
    ///
    /// @param line of the file, from 1
    public record Refused(int line, String reason) {}

    private static final Pattern CHARSET = Pattern.compile("charset=\"?([^\";\\s]+)\"?");

    private final Vertx vertx;
    private final List<Reader> readers = new ArrayList<>();

    public ImportHistory(Vertx vertx) {
        this.vertx = vertx;
    }

    /// Adds a kind of file. Before [#mount].
    public ImportHistory register(Reader reader) {
        readers.add(reader);
        return this;
    }

    public void mount(FhirRouter router) {
        router.mount(
                Operation.system("import-history")
                        .roles(Role.HOSPITAL, Role.PHARMACY, Role.BUREAU)
                        .scope("Task.c")
                        .consumes("text/csv")
                        .streamed(Limits.IMPORT_BYTES)
                        .repeatable()
                        .handler(this::take));
    }

    private Answer take(Exchange exchange) {
        Charset charset = charset(exchange.mediaType());
        try (Spool file = Spool.of(vertx, exchange.caller().clientId(), exchange::stream)) {
            return take(exchange.caller(), file.rows(charset), file.sha256());
        }
    }

    private Answer take(Caller caller, List<Csv.Row> rows, byte[] sha256) {
        List<String> header =
                rows.isEmpty()
                        ? List.of()
                        : rows.getFirst().fields().stream()
                                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                                .toList();
        Reader reader =
                readers.stream()
                        .filter(one -> one.reads(header))
                        .findFirst()
                        .orElseThrow(() -> unknown(header));
        if (rows.size() > reader.rowsMost()) {
            throw new Problem(
                    ProblemCode.TOO_LARGE,
                    "The file has more than " + reader.rowsMost() + " rows.",
                    "Send it in parts.");
        }
        File file = new File(header, rows.subList(1, rows.size()), sha256);
        return Answer.ok(answer(reader.take(caller, file)));
    }

    private static Charset charset(String mediaType) {
        Matcher named = CHARSET.matcher(mediaType);
        if (!named.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(named.group(1));
        } catch (IllegalArgumentException unknown) {
            throw new Problem(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "The charset `" + named.group(1) + "` is not known.",
                    "Send `utf-8` or `GB18030`.");
        }
    }

    private Problem unknown(List<String> header) {
        List<String> known = readers.stream().map(Reader::header).toList();
        return new Problem(
                ProblemCode.UNREADABLE,
                "A file with the header `" + String.join(",", header) + "` is of no known kind.",
                "Known are `" + String.join("`, `", known) + "`.");
    }

    private static byte[] answer(Counts counts) {
        return FhirWriter.parameters(all -> {
            all.integer("accepted", counts.accepted())
                    .integer("refused", counts.refusedRows())
                    .integer("repeated", counts.repeated());
            for (Refused row : counts.refused()) {
                all.group(
                        "row",
                        parts ->
                                parts.integer("number", row.line()).string("reason", row.reason()));
            }
        });
    }
}
