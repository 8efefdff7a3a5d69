package org.yifang.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.yifang.TestService;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/// One registered client, as an outside system would call.
public class Client {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final TestService service;
    private final String id;
    private final Map<String, String> form;

    /// An answer.
    public record Reply(int status, JsonNode body, HttpResponse<String> raw) {
        /// The RX code of the first issue, empty when there is none.
        public String code() {
            return body.at("/issue/0/details/coding/0/code").asText();
        }

        /// Every RX code.
        public java.util.List<String> codes() {
            java.util.List<String> codes = new java.util.ArrayList<>();
            body.path("issue").forEach(one -> codes.add(one.at("/details/coding/0/code").asText()));
            return codes;
        }

        public JsonNode parameter(String name) {
            for (JsonNode one : body.path("parameter")) {
                if (one.path("name").asText().equals(name)) {
                    return one;
                }
            }
            return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
        }
    }

    public Client(TestService service, String id) {
        this(service, id, Map.of());
    }

    /// @param form further fields of the token request
    public Client(TestService service, String id, Map<String, String> form) {
        this.service = service;
        this.id = id;
        this.form = form;
    }

    public Reply get(String path) {
        return send(request(path).GET());
    }

    public Reply post(String path, String body) {
        return send(
                request(path)
                        .header("Content-Type", "application/fhir+json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /// Posts Parameters made of `parts`, each a JSON object.
    public Reply call(String path, String... parts) {
        return post(
                path,
                "{\"resourceType\":\"Parameters\",\"parameter\":["
                        + String.join(",", parts)
                        + "]}");
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.url() + path))
                .header("Authorization", "Bearer " + token());
    }

    public static Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String text = answer.body();
            boolean json = text.startsWith("{");
            return new Reply(
                    answer.statusCode(),
                    json ? JSON.readTree(text) : JSON.createObjectNode(),
                    answer);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /// Its access token, as an `Authorization` header would bear it.
    public String token() {
        return service.tokens()
                .computeIfAbsent(
                        id + form + service.clock().instant().getEpochSecond() / 600,
                        _ -> fetchToken());
    }

    private String fetchToken() {
        StringBuilder body = new StringBuilder("grant_type=client_credentials");
        form.forEach((name, value) ->
                body.append('&')
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        String basic =
                Base64.getEncoder()
                        .encodeToString((id + ":" + id).getBytes(StandardCharsets.UTF_8));
        Reply reply =
                send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/auth/token"))
                                .header("Authorization", "Basic " + basic)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
        if (reply.status() != 200) {
            throw new IllegalStateException("no token for " + id + ": " + reply.raw().body());
        }
        return reply.body().path("access_token").asText();
    }
}
