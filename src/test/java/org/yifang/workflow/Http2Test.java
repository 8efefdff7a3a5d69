package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.platform.OutboundCall;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// HTTP/2 without TLS, for whoever knows beforehand that it is spoken here.
class Http2Test {
    private static Vertx vertx;
    private static TestService service;
    private static Story story;
    private static HttpClient client;
    private static int port;

    private record Reply(int status, HttpVersion version, String coding, byte[] body) {}

    @BeforeAll
    static void serve() {
        vertx = Vertx.vertx();
        service = TestService.own(Map.of());
        story = new Story(service);
        port = URI.create(service.url()).getPort();
        client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ClearTextUpgrade(false));
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        service.close();
    }

    private static Reply send(HttpMethod method, String path, Buffer body, String... headers)
            throws Exception {
        return client.request(method, port, "127.0.0.1", path)
                .compose(request -> {
                    for (int i = 0; i < headers.length; i += 2) {
                        request.putHeader(headers[i], headers[i + 1]);
                    }
                    return OutboundCall.send(
                            request,
                            body,
                            response -> response.body().map(all -> reply(response, all)));
                })
                .timeout(30, TimeUnit.SECONDS)
                .recover(late -> Future.failedFuture(new IOException(method + " " + path, late)))
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    private static Reply reply(HttpClientResponse response, Buffer body) {
        String coding = response.getHeader("Content-Encoding");
        return new Reply(
                response.statusCode(),
                response.version(),
                coding == null ? "" : coding,
                body.getBytes());
    }

    private static byte[] zipped(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    /// The client may have inflated it already, and leaves the header as it came.
    private static String plain(byte[] body) throws IOException {
        byte[] text =
                body[0] == '{'
                        ? body
                        : new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        return new String(text, StandardCharsets.UTF_8);
    }

    @Test
    void who_knows_beforehand_speaks_http_2_with_gzip_both_ways() throws Exception {
        Reply open = send(HttpMethod.GET, "/fhir/metadata", Buffer.buffer());
        assertThat(open.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(open.status()).isEqualTo(200);
        Reply made =
                send(
                        HttpMethod.POST,
                        "/fhir/$submit-prescription",
                        Buffer.buffer(zipped(story.document().toString())),
                        "Authorization",
                        "Bearer " + story.hospital.token(),
                        "Content-Type",
                        "application/fhir+json",
                        "Content-Encoding",
                        "gzip",
                        "Accept-Encoding",
                        "gzip");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(made.coding()).isEqualTo("gzip");
        assertThat(plain(made.body())).startsWith("{\"resourceType\":\"Task\"");
        for (String path : new String[] {"/health/live", "/fhir/metadata", "/sign-in", "/"}) {
            Reply head = send(HttpMethod.HEAD, path, Buffer.buffer());
            assertThat(head.status()).as(path).isEqualTo(200);
            assertThat(head.body()).as(path).isEmpty();
        }
    }

    @Test
    void who_asks_to_change_to_it_on_the_way_stays_with_http_1() throws Exception {
        try (var asking =
                java.net.http.HttpClient.newBuilder()
                        .version(java.net.http.HttpClient.Version.HTTP_2)
                        .build()) {
            HttpResponse<String> answer =
                    asking.send(
                            HttpRequest.newBuilder(URI.create(service.url() + "/health/live"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_1_1);
        }
    }

    private static String said(String... pieces) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            for (String piece : pieces) {
                socket.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                Thread.sleep(50);
            }
            byte[] read = new byte[4_096];
            int length = socket.getInputStream().read(read);
            return length < 0 ? "" : new String(read, 0, length, StandardCharsets.US_ASCII);
        }
    }

    @Test
    void a_head_of_http_1_is_read_strictly_however_it_comes() throws Exception {
        String rest = " /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
        assertThat(said("GET" + rest)).startsWith("HTTP/1.1 200");
        assertThat(said("G", "ET", rest)).startsWith("HTTP/1.1 200");
        assertThat(said("P", "OST" + rest)).startsWith("HTTP/1.1 405");
        assertThat(said("PR", "OPFIND" + rest)).startsWith("HTTP/1.1 ");
        String smuggled =
                "POST /fhir/metadata HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
        assertThat(said(smuggled)).startsWith("HTTP/1.1 400");
        assertThat(said("GET /health/live HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
        // Half of what HTTP/2 begins with, and then nothing: not waited for.
        assertThat(said("PRI * HTTP/2.0\r\n")).isEmpty();
    }
}
