package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/// A service that ends says so first, goes on answering while it says so, and then listens no more.
class ClosingTest {
    @Test
    void who_ends_is_ready_no_more_and_answers_until_nobody_is_sent_to_it() throws Exception {
        TestService service = TestService.own(Map.of("YIFANG_DRAIN_SECONDS", "4"));
        URI ready = URI.create(service.url() + "/health/ready");
        URI metadata = URI.create(service.url() + "/fhir/metadata");
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(status(client, ready)).isEqualTo(200);
            Thread closing = Thread.ofVirtual().start(service::close);
            await().atMost(Duration.ofSeconds(3))
                    .until(() -> status(client, ready) == 503 && closing.isAlive());
            assertThat(status(client, metadata)).isEqualTo(200);
            closing.join();
        }
        try (HttpClient another = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> status(another, metadata))
                    .isInstanceOf(java.net.ConnectException.class);
        }
    }

    private static int status(HttpClient client, URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
