package org.yifang.console.frame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inside;
import org.yifang.identity.person.SignedIn;
import org.yifang.platform.Caller;
import org.yifang.platform.edge.Body;
import org.yifang.platform.edge.Edge;
import org.yifang.platform.problem.ProblemCode;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Calls the operations of the contract for a page, with the person as the agent of each: there is
/// no other way from a page into the data.
public final class Contract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NEXT = "_page=";
    private static final String FHIR_JSON = "application/fhir+json";

    /// What was answered.
    ///
    /// @param headers of the answer, `Content-Location` among them
    public record Reply(
            int status,
            JsonNode json,
            String mediaType,
            byte[] bytes,
            String version,
            Map<String, String> headers) {
        public boolean isDone() {
            return status < 400;
        }

        /// A header of the answer, empty when there is none.
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /// What went wrong, empty when nothing did.
        public List<Trouble> troubles() {
            return isDone() ? List.of() : Trouble.of(json);
        }

        /// As what a page is made of: where it could not be read, there is no page but that of the
        /// error.
        public Reply read() {
            if (status >= 500 || status == ProblemCode.TOO_MANY_REQUESTS.status()) {
                throw new BrokenRead(status, troubles());
            }
            return this;
        }

        /// The key of the page after this one, empty on the last.
        public String nextPage() {
            for (JsonNode link : json.path("link")) {
                String url = link.path("url").asText();
                if (link.path("relation").asText().equals("next") && url.contains(NEXT)) {
                    return URLDecoder.decode(
                            url.substring(url.indexOf(NEXT) + NEXT.length()).replaceAll("&.*", ""),
                            StandardCharsets.UTF_8);
                }
            }
            return "";
        }

        /// The resources of a Bundle.
        public List<JsonNode> entries() {
            List<JsonNode> all = new ArrayList<>();
            json.path("entry").forEach(entry -> all.add(entry.path("resource")));
            return all;
        }
    }

    private final Inside inside;

    public Contract(Inside inside) {
        this.inside = inside;
    }

    /// The person behind a page, as caller.
    public static Caller caller(RoutingContext http, Page page) {
        return SignedIn.of(http)
                .caller(Edge.address(http), FhirRouter.requestId(http), page.language());
    }

    /// Begins what need not wait for what is asked beside it: while one call waits for the
    /// database, another goes on, on the same thread's turn.
    public static <T> Future<T> begin(Supplier<T> asked) {
        Promise<T> told = Promise.promise();
        Vertx.currentContext()
                .runOnContext(_ -> {
                    try {
                        told.complete(asked.get());
                    } catch (Throwable failure) {
                        told.fail(failure);
                    }
                });
        return told.future();
    }

    /// Reads what a page is made of. Where it cannot be read, there is no page but that of the
    /// error.
    ///
    /// @param path below `/fhir` with its query: `/Task?status=ready`
    public Reply get(Caller caller, String path) {
        return attempt(caller, path).read();
    }

    /// As [#get] for a part that says itself why it is not there.
    public Reply attempt(Caller caller, String path) {
        return ask(caller, "GET", path, new byte[0], Map.of());
    }

    public Reply get(Caller caller, String path, String accept) {
        return ask(caller, "GET", path, new byte[0], Map.of("Accept", accept));
    }

    public Reply post(Caller caller, String path, ObjectNode body) {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        return ask(caller, "POST", path, bytes, Map.of("Content-Type", FHIR_JSON));
    }

    /// A search whose parameters belong into no URL.
    public Reply search(Caller caller, String type, String form) {
        byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
        return ask(
                caller,
                "POST",
                "/" + type + "/_search",
                bytes,
                Map.of("Content-Type", "application/x-www-form-urlencoded"));
    }

    public Reply send(
            Caller caller, String method, String path, byte[] body, Map<String, String> headers) {
        return ask(caller, method, path, body, new HashMap<>(headers));
    }

    /// A file, taken piece by piece as it comes.
    public Reply send(Caller caller, String path, Body file, Map<String, String> headers) {
        return ask(caller, "POST", path, file, headers);
    }

    private Reply ask(
            Caller caller, String method, String path, byte[] body, Map<String, String> headers) {
        return ask(caller, method, path, Body.of(body), headers);
    }

    private Reply ask(
            Caller caller, String method, String path, Body body, Map<String, String> headers) {
        int query = path.indexOf('?');
        Inside.Reply reply =
                inside.ask(
                        caller,
                        new Inside.Call(
                                method,
                                query < 0 ? path : path.substring(0, query),
                                query < 0 ? "" : path.substring(query + 1),
                                body,
                                headers));
        String version = reply.headers().getOrDefault("ETag", "");
        boolean json = reply.mediaType().contains("json");
        return new Reply(
                reply.status(),
                json ? read(reply.bytes()) : JsonNodeFactory.instance.objectNode(),
                reply.mediaType(),
                reply.bytes(),
                version,
                reply.headers());
    }

    private static JsonNode read(byte[] bytes) {
        try {
            return bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
