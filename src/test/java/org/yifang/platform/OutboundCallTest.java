package org.yifang.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;

/// A quick answer is read whole, however late the thread that asked comes to its turn again.
class OutboundCallTest {
    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;
    private HttpClient client;

    @BeforeEach
    void open() {
        server =
                vertx.createHttpServer()
                        .requestHandler(request -> {
                            if (request.path().equals("/lost")) {
                                request.connection().close();
                            } else {
                                request.response().end("heard");
                            }
                        })
                        .listen(0, "127.0.0.1")
                        .await();
        client = vertx.createHttpClient();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private HttpClientRequest to(String path) {
        return client.request(HttpMethod.POST, server.actualPort(), "127.0.0.1", path).await();
    }

    /// A thread that loses its turn right after it has sent.
    private static HttpClientRequest stalling(HttpClientRequest request) {
        return (HttpClientRequest)
                Proxy.newProxyInstance(
                        OutboundCallTest.class.getClassLoader(),
                        new Class<?>[] {HttpClientRequest.class},
                        (self, method, values) -> {
                            Object result = method.invoke(request, values);
                            if (method.getName().equals("send")) {
                                ((Future<?>) result).await();
                                Thread.sleep(200);
                            }
                            return result;
                        });
    }

    private static String read(Future<Buffer> body) {
        return body.timeout(5, TimeUnit.SECONDS).await().toString();
    }

    @Test
    void a_quick_answer_is_read_by_a_thread_that_comes_late() {
        HttpClientRequest request = stalling(to("/"));
        assertThat(read(OutboundCall.send(request, Buffer.buffer("x"), HttpClientResponse::body)))
                .isEqualTo("heard");
        request = stalling(to("/"));
        assertThat(read(OutboundCall.send(request, null, HttpClientResponse::body)))
                .isEqualTo("heard");
    }

    @Test
    void a_call_that_is_lost_fails() {
        HttpClientRequest request = to("/lost");
        assertThatThrownBy(() -> read(OutboundCall.send(request, null, HttpClientResponse::body)))
                .hasMessageContaining("closed");
    }
}
