package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/// Outside systems that call a service in a process of its own, known by the demonstration's
/// clients.
final class Outside implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger answered = new AtomicInteger();
    private final String url;

    Outside(String url) {
        this.url = url;
    }

    private String token(String client) throws Exception {
        String basic = Base64.getEncoder().encodeToString((client + ':' + client).getBytes(UTF_8));
        return JSON.readTree(
                        sent(HttpRequest.newBuilder(URI.create(url + "/auth/token"))
                                        .header("Authorization", "Basic " + basic)
                                        .header("Content-Type", "application/x-www-form-urlencoded")
                                        .POST(
                                                HttpRequest.BodyPublishers.ofString(
                                                        "grant_type=client_credentials")))
                                .body())
                .path("access_token")
                .asText();
    }

    private HttpResponse<String> sent(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> reply =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(reply.statusCode()).as(reply.body()).isBetween(200, 202);
        return reply;
    }

    private HttpRequest.Builder request(String client, String path) throws Exception {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + token(client));
    }

    /// Asks and does not wait for the answer.
    void start(String client, String path) throws Exception {
        var _ =
                http.sendAsync(
                                request(client, path).build(),
                                HttpResponse.BodyHandlers.discarding())
                        .thenRun(answered::incrementAndGet);
    }

    /// How many of those have been answered.
    int answered() {
        return answered.get();
    }

    JsonNode post(String client, String path, String body) throws Exception {
        HttpRequest.Builder request =
                request(client, path)
                        .header("Content-Type", "application/fhir+json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        return JSON.readTree(sent(request).body());
    }

    /// Has everything of a type exported, and says where its first file is.
    String exported(String client, String type) throws Exception {
        String status =
                sent(request(client, "/fhir/$export?_type=" + type)
                                .header("Prefer", "respond-async")
                                .header("Accept", "application/fhir+json"))
                        .headers()
                        .firstValue("Content-Location")
                        .orElseThrow();
        while (true) {
            HttpResponse<String> reply = sent(request(client, path(status)));
            if (reply.statusCode() == 200) {
                return path(JSON.readTree(reply.body()).at("/output/0/url").asText());
            }
            Thread.sleep(200);
        }
    }

    private static String path(String address) {
        URI uri = URI.create(address);
        return uri.getRawPath() + '?' + uri.getRawQuery();
    }

    /// A request as its bytes.
    String get(String client, String path) throws Exception {
        return "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(path, token(client));
    }

    /// The beginning of a file of a known client whose rest does not come.
    String halfImport(String client, String path) throws Exception {
        return ("POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                        + "Content-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n"
                        + "code,price_yuan\n")
                .formatted(path, token(client));
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
