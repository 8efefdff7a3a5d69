package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;

import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.CutConnection;
import org.yifang.TestDatabase;
import org.yifang.TestService;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.validate.Validation;
import org.yifang.platform.Limits;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.workflow.Client.Reply;

import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// `/health/ready` says 503 while no calls can be served, says why, and never keeps its caller
/// waiting; when the reason is gone it says 200 again.
@Alone
final class NotReadyTest {
    /// The contract's, for every single answer.
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(40);

    private static Reply ask(TestService service) {
        long began = System.nanoTime();
        Reply reply =
                Client.send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/health/ready")).GET());
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(AT_ONCE);
        return reply;
    }

    private static Reply awaitStatus(TestService service, int status) throws InterruptedException {
        Instant until = Instant.now().plus(NOTICED_WITHIN);
        Reply reply = ask(service);
        while (reply.status() != status && Instant.now().isBefore(until)) {
            Thread.sleep(100);
            reply = ask(service);
        }
        assertThat(reply.status()).as(reply.raw().body()).isEqualTo(status);
        return reply;
    }

    private static Connection superuser(DatabaseAddress address) throws SQLException {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    @Test
    void while_the_audit_log_is_ten_seconds_behind_its_events() throws Exception {
        try (TestService service = TestService.own(Map.of());
                Connection other = superuser(service.database());
                Statement statement = other.createStatement()) {
            Story story = new Story(service);
            story.prescribed();
            awaitStatus(service, 200);
            other.setAutoCommit(false);
            // Whoever holds this row keeps every instance's sequencer from going on.
            statement.execute("select * from audit_log for update");
            story.prescribed();
            Instant began = Instant.now();
            Reply reply = awaitStatus(service, 503);
            assertThat(reply.body().path("status").asText()).endsWith("s behind its events");
            assertThat(Duration.between(began, Instant.now())).isGreaterThan(Duration.ofSeconds(9));
            other.rollback();
            awaitStatus(service, 200);
        }
    }

    @Test
    void while_the_database_says_nothing() throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        try (CutConnection way = new CutConnection(address);
                TestService service =
                        TestService.on(address, Map.of("YIFANG_DATABASE_URL", way.url()))) {
            new Story(service).prescribed();
            awaitStatus(service, 200);
            way.still(true);
            Reply reply = awaitStatus(service, 503);
            assertThat(reply.body().path("status").asText()).endsWith("does not answer");
            way.still(false);
            awaitStatus(service, 200);
            assertThat(new Story(service).prescribed().id()).isNotEmpty();
        }
    }

    @Test
    void while_the_disk_of_the_database_takes_no_writes() throws Exception {
        try (TestService service = TestService.own(Map.of());
                Connection other = superuser(service.database());
                Statement statement = other.createStatement()) {
            Story story = new Story(service);
            awaitStatus(service, 200);
            statement.execute(
                    "create function full_disk() returns trigger language plpgsql as $$ begin"
                            + " raise exception 'no space left on device' using errcode = '53100';"
                            + " end $$");
            statement.execute(
                    "create function full_disk_ddl() returns event_trigger language plpgsql as $$"
                            + " begin raise exception 'no space left on device' using errcode ="
                            + " '53100'; end $$");
            statement.execute(
                    "create trigger full_disk before insert on prescription for each row execute"
                            + " function full_disk()");
            statement.execute(
                    "create event trigger full_disk_ddl on ddl_command_start when tag in"
                            + " ('CREATE TABLE AS') execute function full_disk_ddl()");
            Reply refused = story.submit(story.document());
            assertThat(refused.status()).as(refused.raw().body()).isEqualTo(503);
            assertThat(refused.raw().headers().firstValue("Retry-After")).isPresent();
            Reply reply = awaitStatus(service, 503);
            assertThat(reply.body().path("status").asText())
                    .isEqualTo("the disk of the database takes no writes");
            statement.execute("drop event trigger full_disk_ddl");
            statement.execute("drop trigger full_disk on prescription");
            awaitStatus(service, 200);
            assertThat(story.prescribed().id()).isNotEmpty();
        }
    }

    @Test
    void while_a_pool_is_stuck() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Validation validation = Validation.start(Conformance.load());
                TestService service = TestService.judgingBy(validation)) {
            awaitStatus(service, 200);
            List<Future<Boolean>> hanging = new ArrayList<>();
            // One thread more than processors serves; none of them comes back.
            for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
                hanging.add(validation.submit(() -> hangUntil(go)));
            }
            Instant began = Instant.now();
            Reply reply = awaitStatus(service, 503);
            assertThat(reply.body().path("status").asText())
                    .isEqualTo("the pool `validation` is stuck");
            assertThat(Duration.between(began, Instant.now()))
                    .isGreaterThan(Limits.POOL_STUCK.minusSeconds(2));
            go.countDown();
            awaitStatus(service, 200);
            assertThat(Future.all(hanging).succeeded()).isTrue();
            assertThat(new Story(service).prescribed().id()).isNotEmpty();
        } finally {
            go.countDown();
        }
    }

    private static boolean hangUntil(CountDownLatch go) {
        try {
            return go.await(5, TimeUnit.MINUTES);
        } catch (InterruptedException stop) {
            return false;
        }
    }
}
