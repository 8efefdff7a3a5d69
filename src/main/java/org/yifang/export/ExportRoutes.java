package org.yifang.export;

import io.netty.handler.codec.DateFormatter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPInputStream;

/// Exports over HTTP: asked for, looked after, fetched, deleted.
final class ExportRoutes {
    private static final String NDJSON = "application/fhir+ndjson";

    private final ExportDesk desk;
    private final ExportStore store;
    private final List<ExportSource> sources;
    private final String base;

    ExportRoutes(ExportDesk desk, ExportStore store, List<ExportSource> sources, String base) {
        this.desk = desk;
        this.store = store;
        this.sources = sources;
        this.base = base;
    }

    void mount(FhirRouter fhir) {
        fhir.mount(
                Operation.system("export")
                        .definition("http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export")
                        .roles(Role.AUDITOR, Role.BUREAU)
                        .reads()
                        .handler(this::ask));
        fhir.mount(
                Operation.system("export-status")
                        .roles(Role.AUDITOR, Role.BUREAU)
                        .reads()
                        .deletes()
                        .produces("application/json")
                        .handler(this::status));
        fhir.mount(
                Operation.system("export-file")
                        .roles(Role.AUDITOR, Role.BUREAU)
                        .reads()
                        .produces(NDJSON)
                        .handler(this::file));
    }

    private Answer ask(Exchange exchange) {
        Caller caller = exchange.caller();
        ExportRequest request = ExportRequest.read(exchange, sources);
        Instant now = exchange.now();
        String query = request.query().isEmpty() ? "" : '?' + request.query();
        ExportJob job = desk.ask(caller, request, base + "/$export" + query, now);
        exchange.audited();
        return Answer.nothing(202).withHeader("Content-Location", statusUrl(job.id()));
    }

    private String statusUrl(UUID job) {
        return base + "/$export-status?job=" + job;
    }

    private Answer status(Exchange exchange) {
        Inputs in = exchange.inputs();
        String named = in.string("job");
        in.done();
        ExportJob job = job(named, exchange);
        if (exchange.isDelete()) {
            return exchange.recorded(() -> {
                store.delete(job.id(), job.client());
                return Answer.nothing(202);
            });
        }
        return switch (job.status()) {
            case RUNNING ->
                    Answer.nothing(202)
                            .withHeader("X-Progress", job.progress())
                            .withHeader(
                                    "Retry-After",
                                    String.valueOf(ExportLimits.RETRY_AFTER_SECONDS));
            case FAILED ->
                    throw new Problem(
                            ProblemCode.INTERNAL,
                            "The export `" + job.id() + "` was given up.",
                            "Tell the operator of this service that id; it stands in the log.");
            case DONE ->
                    Answer.ok("application/json", manifest(job))
                            .withHeader(
                                    "Expires", DateFormatter.format(Date.from(job.expiresAt())));
        };
    }

    private byte[] manifest(ExportJob job) {
        JsonArray output = new JsonArray();
        for (ExportStore.File file : store.files(job.id())) {
            output.add(
                    new JsonObject()
                            .put("type", file.type())
                            .put(
                                    "url",
                                    "%s/$export-file?job=%s&type=%s&file=%d"
                                            .formatted(base, job.id(), file.type(), file.number()))
                            .put("count", file.resources()));
        }
        return new JsonObject()
                .put("transactionTime", job.createdAt().toString())
                .put("request", job.request())
                .put("requiresAccessToken", true)
                .put("output", output)
                .put("deleted", new JsonArray())
                .put("error", new JsonArray())
                .toBuffer()
                .getBytes();
    }

    private Answer file(Exchange exchange) {
        Inputs in = exchange.inputs();
        String named = in.string("job");
        String type = in.string("type");
        String number = in.string("file");
        in.done();
        ExportJob job = job(named, exchange);
        exchange.needs(type, 'r');
        int file = number.matches("\\d{1,6}") ? Integer.parseInt(number) : -1;
        Set<UUID> patients =
                job.status() == ExportJob.Status.DONE ? store.patients(job.id(), type, file) : null;
        if (patients == null) {
            throw Outcomes.notFound();
        }
        return Answer.pieces(NDJSON, pieces(job.id(), type, file))
                .touching(List.copyOf(patients), List.of());
    }

    /// The needs of a file one after the other, so that only one is in memory.
    private Answer.Pieces.Next pieces(UUID job, String type, int file) {
        int first = file * ExportLimits.FILE_PARTS;
        int[] next = {first};
        return () -> {
            byte[] part =
                    next[0] < first + ExportLimits.FILE_PARTS
                            ? store.part(job, type, next[0]++)
                            : null;
            return part == null ? null : plain(part);
        };
    }

    private static byte[] plain(byte[] gzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private ExportJob job(String named, Exchange exchange) {
        @Nullable ExportJob job = null;
        if (named.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            job = store.find(UUID.fromString(named), exchange.caller().clientId(), exchange.now());
        }
        if (job == null) {
            throw Outcomes.notFound();
        }
        return job;
    }
}
