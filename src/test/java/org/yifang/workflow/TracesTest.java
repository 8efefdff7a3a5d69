package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.yifang.TestService;
import org.yifang.fhir.rest.Outcomes;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// From the reference of a 500 to the line of the log and to the trace that a collector was sent.
final class TracesTest {
    private static final Pattern TRACE = Pattern.compile("\\b[0-9a-f]{32}\\b");

    @Test
    void the_reference_of_a_500_is_the_trace_that_the_collector_has() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        Vertx vertx = Vertx.vertx();
        Logger log = (Logger) LoggerFactory.getLogger(Outcomes.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            var collector =
                    vertx.createHttpServer()
                            .requestHandler(call ->
                                    call.bodyHandler(body -> {
                                        // As text a byte each, so that it can be searched.
                                        sent.add(body.toString(StandardCharsets.ISO_8859_1));
                                        call.response().end();
                                    }))
                            .listen(0, "127.0.0.1")
                            .await();
            String address = "http://127.0.0.1:" + collector.actualPort() + "/v1/traces";
            try (TestService service = TestService.own(Map.of("YIFANG_TRACES_URL", address))) {
                Story story = new Story(service);
                Story.Rx rx = story.prescribed();
                spoil(service, rx);
                Client.Reply broken = story.hospital.get(rx.path());
                assertThat(broken.status()).isEqualTo(500);
                Matcher reference = TRACE.matcher(broken.raw().body());
                assertThat(reference.find()).as(broken.raw().body()).isTrue();
                String id = reference.group();
                assertThat(lines.list)
                        .anySatisfy(line -> assertThat(line.getFormattedMessage()).contains(id));
                String bytes = new String(HexFormat.of().parseHex(id), StandardCharsets.ISO_8859_1);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> sent.stream().anyMatch(one -> one.contains(bytes)));
                assertThat(sent)
                        .noneMatch(one -> one.contains(rx.id()))
                        .anyMatch(one -> one.contains("yifang"));
            }
        } finally {
            log.detachAppender(lines);
            vertx.close().await();
        }
    }

    /// What somebody altered behind the service is not served.
    private static void spoil(TestService service, Story.Rx rx) throws Exception {
        var at = service.database();
        try (Connection connection =
                        DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                PreparedStatement update =
                        connection.prepareStatement(
                                "UPDATE prescription SET task_mac = decode('00', 'hex')"
                                        + " WHERE id = ?")) {
            update.setObject(1, UUID.fromString(rx.id()));
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }
}
