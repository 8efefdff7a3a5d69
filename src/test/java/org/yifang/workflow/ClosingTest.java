package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

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
                    .isInstanceOf(ConnectException.class);
        }
    }

    /// Its answer is in the database, and is waited for there when nobody is let in any more: were
    /// a part closed before the listener, it could not be given.
    @Test
    void who_listens_no_more_still_answers_what_is_under_way() throws Exception {
        TestService service = TestService.own(Map.of());
        DatabaseAddress address = service.database();
        HttpRequest.Builder search =
                new Client(service, "hospital-1").request("/fhir/Task?_count=1");
        assertThat(Client.send(search.copy()).status()).isEqualTo(200);
        try (Connection database =
                        DriverManager.getConnection(
                                address.jdbcUrl(), address.user(), address.password());
                Statement statement = database.createStatement()) {
            database.setAutoCommit(false);
            statement.execute("lock table prescription in access exclusive mode");
            CompletableFuture<Client.Reply> underWay =
                    CompletableFuture.supplyAsync(() -> Client.send(search));
            await().until(() -> waitsForLock(statement));
            Thread closing = Thread.ofVirtual().start(service::close);
            await().until(() -> isDeaf(service));
            assertThat(underWay).isNotDone();
            database.rollback();
            assertThat(underWay.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
            closing.join();
        }
    }

    private static boolean waitsForLock(Statement statement) throws SQLException {
        try (ResultSet found =
                statement.executeQuery(
                        "select count(*) from pg_locks where not granted and relation ="
                                + " 'prescription'::regclass")) {
            return found.next() && found.getInt(1) > 0;
        }
    }

    private static boolean isDeaf(TestService service) throws IOException {
        try (Socket one = new Socket()) {
            one.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), URI.create(service.url()).getPort()),
                    1000);
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }

    private static int status(HttpClient client, URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
