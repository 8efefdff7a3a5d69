package org.yifang.fhir.rest;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.core.http.HttpClosedException;

import org.hl7.fhir.r4.model.Bundle;
import org.yifang.fhir.AnswerFormat;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.JsonSlices;
import org.yifang.fhir.json.JsonTree;
import org.yifang.platform.Caller;
import org.yifang.platform.Limits;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Calling;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A Bundle posted to the base: a batch, whose entries are calls like any other, each with its own
/// answer, audit and share of the client's rate; or a transaction ([Transactions]).
final class BundleCalls {
    private final Calls calls;
    private final String base;
    private final Transactions transactions;

    BundleCalls(Calls calls, Database database, Paths paths, String base) {
        this.calls = calls;
        this.base = base;
        this.transactions = new Transactions(calls, database, paths);
    }

    Answer answer(Exchange exchange) {
        Bundle bundle = exchange.resource(Bundle.class);
        String type = bundle.getType() == null ? "" : bundle.getType().toCode();
        boolean together = type.equals("transaction");
        if (!together && !type.equals("batch")) {
            throw new Problem(
                    ProblemCode.BUNDLE_UNFIT,
                    "The type of the Bundle is `" + type + "`.",
                    type.equals("document")
                            ? "Send a document to `$submit-prescription`."
                            : "Send a `batch` or a `transaction`.");
        }
        byte[] json = exchange.format() == Fhir.Format.JSON ? exchange.body() : Fhir.json(bundle);
        List<BundleEntry> entries = entries(json);
        if (entries.size() > Limits.BUNDLE_ENTRIES) {
            throw new Problem(
                    ProblemCode.TOO_COSTLY,
                    "The Bundle has " + entries.size() + " entries.",
                    "Send at most " + Limits.BUNDLE_ENTRIES + " at once.");
        }
        List<Inside.Reply> replies =
                together
                        ? transactions.run(exchange, entries, headers(exchange))
                        : batch(exchange, entries);
        // Each entry has its own record.
        exchange.audited();
        return Answer.ok(written(type + "-response", replies));
    }

    private List<BundleEntry> entries(byte[] json) {
        List<BundleEntry> entries = new ArrayList<>();
        List<JsonSlices.Element> slices = JsonSlices.of(json, "entry");
        for (JsonNode entry : JsonTree.read(json).path("entry")) {
            int index = entries.size();
            if (!entry.isObject()) {
                throw new Problem(ProblemCode.NOT_FHIR, "An entry of the Bundle is no object.");
            }
            entries.add(BundleEntry.of(index, entry, slices.get(index).resource(), base));
        }
        return entries;
    }

    /// What of the whole request holds for each entry.
    private static Map<String, String> headers(Exchange exchange) {
        Map<String, String> headers = new HashMap<>();
        String prefer = exchange.header("Prefer");
        if (prefer != null) {
            headers.put("Prefer", prefer);
        }
        return headers;
    }

    private List<Inside.Reply> batch(Exchange exchange, List<BundleEntry> entries) {
        Caller caller = exchange.caller();
        Map<String, String> headers = headers(exchange);
        List<Inside.Reply> replies = new ArrayList<>();
        long bytes = 0;
        for (BundleEntry entry : entries) {
            if (Calling.now().isGone()) {
                throw new HttpClosedException("gone");
            }
            Inside.Reply reply;
            try {
                entry.requireRequest();
                if (bytes > Limits.BUNDLE_BYTES) {
                    throw new Problem(
                            ProblemCode.TOO_COSTLY,
                            "The answers before this one are large already.",
                            "Send this entry by itself; it was not done.");
                }
                reply = calls.ask(caller, entry.call(headers));
            } catch (Problem unfit) {
                reply = Inside.reply(unfit, caller.language());
            }
            bytes += reply.bytes().length;
            replies.add(reply);
        }
        return replies;
    }

    private static byte[] written(String type, List<Inside.Reply> replies) {
        return FhirWriter.resource(
                "Bundle",
                json -> {
                    json.string("type", type);
                    json.list(
                            "entry",
                            all -> replies.forEach(one -> all.element(to -> entry(to, one))));
                });
    }

    private static void entry(FhirWriter json, Inside.Reply reply) {
        byte[] resource = reply.bytes();
        if (resource.length > 0 && AnswerFormat.format(reply.mediaType()).isEmpty()) {
            resource = binary(reply);
        }
        boolean outcome = resource.length > 0 && isOutcome(resource);
        if (resource.length > 0 && !outcome) {
            json.raw("resource", resource);
        }
        byte[] told = resource;
        json.object(
                "response",
                response -> {
                    response.string("status", String.valueOf(reply.status()));
                    response.string("location", reply.headers().get("Location"));
                    response.string("etag", reply.headers().get("ETag"));
                    response.string("lastModified", reply.headers().get("Last-Modified"));
                    if (outcome) {
                        response.raw("outcome", told);
                    }
                });
    }

    private static boolean isOutcome(byte[] resource) {
        return JsonSlices.type(resource).equals("OperationOutcome");
    }

    /// What is no FHIR stands in a Bundle as a Binary.
    private static byte[] binary(Inside.Reply reply) {
        return FhirWriter.resource(
                "Binary",
                json ->
                        json.string("contentType", reply.mediaType())
                                .string("data", Base64.getEncoder().encodeToString(reply.bytes())));
    }
}
