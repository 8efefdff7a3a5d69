package org.yifang.fhir.rest;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.fhir.json.JsonTree;
import org.yifang.fhir.search.Source;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// `PATCH`: reads the resource as the caller reads it, applies the JSON Patch, and has the type's
/// own update take what came of it, on the very version that was read.
final class Patching {
    private final Paths paths;

    Patching(Paths paths) {
        this.paths = paths;
    }

    Answer patch(Exchange exchange, Operation update) {
        if (!exchange.mediaType().startsWith(JsonPatch.MEDIA_TYPE)) {
            throw new Problem(
                    List.of(
                            new Finding(
                                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                                    "A patch of that media type is not read here.",
                                    "Send `Content-Type: " + JsonPatch.MEDIA_TYPE + "`.")),
                    Map.of("Accept-Patch", JsonPatch.MEDIA_TYPE));
        }
        Long wanted = exchange.ifMatch();
        JsonNode patch = JsonPatch.read(exchange.body());
        Source source = Objects.requireNonNull(paths.source(exchange.type()));
        for (int attempt = 1; ; attempt++) {
            Source.Found found = source.read(exchange.idText(), exchange.caller(), exchange.now());
            if (found == null) {
                throw Outcomes.notFound();
            }
            if (wanted != null && wanted != found.version()) {
                throw new Problem(
                        ProblemCode.VERSION_MISMATCH,
                        "It is at version `" + found.version() + "`.",
                        "Read it again and repeat the change on that.");
            }
            byte[] patched = JsonPatch.bytes(JsonPatch.apply(JsonTree.read(found.json()), patch));
            if (patched == null) {
                throw new Problem(
                        ProblemCode.PATCH_UNFIT,
                        "What is left is no resource.",
                        "Change a part of it.");
            }
            try {
                return exchange.instead(
                        patched, found.version(), inner -> update.handler().handle(inner));
            } catch (Problem raced) {
                // Somebody else changed it meanwhile; who named no version means any.
                boolean again =
                        wanted == null
                                && raced.code() == ProblemCode.VERSION_MISMATCH
                                && attempt < Limits.TRANSACTION_ATTEMPTS;
                if (!again) {
                    throw raced;
                }
            }
        }
    }
}
