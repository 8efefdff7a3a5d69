package org.yifang.workflow;

import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/// An outside system that takes notifications: a real HTTP server, which behaves as a test says.
public final class Receiver implements AutoCloseable {
    /// What it does with a call that it has read.
    public interface Behaviour {
        void answer(HttpExchange call, Notified what) throws Exception;
    }

    public static final Behaviour TAKES = (call, what) -> status(call, 200);

    private final HttpServer server;
    private final List<Notified> all = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour = TAKES;

    /// A notification as it came.
    public record Notified(
            JsonNode bundle,
            String body,
            String signature,
            Map<String, List<String>> headers,
            Instant at) {
        JsonNode parameters() {
            return bundle.at("/entry/0/resource/parameter");
        }

        String type() {
            return value("type", "valueCode");
        }

        String value(String name, String kind) {
            for (JsonNode one : parameters()) {
                if (one.path("name").asText().equals(name)) {
                    return one.path(kind).asText();
                }
            }
            return "";
        }

        /// The events in it.
        List<Event> events() {
            List<Event> events = new ArrayList<>();
            for (JsonNode one : parameters()) {
                if (one.path("name").asText().equals("notification-event")) {
                    events.add(event(one));
                }
            }
            return events;
        }

        private static Event event(JsonNode one) {
            long number = 0;
            String focus = "";
            for (JsonNode part : one.path("part")) {
                switch (part.path("name").asText()) {
                    case "event-number" -> number = part.path("valueString").asLong();
                    case "focus" -> focus = part.at("/valueReference/reference").asText();
                    default -> {}
                }
            }
            return new Event(number, focus);
        }
    }

    /// One event that was told.
    public record Event(long number, String focus) {}

    public Receiver() throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), UTF_8);
        Notified one =
                new Notified(
                        Client.JSON.readTree(body),
                        body,
                        call.getRequestHeaders().getFirst("X-Yifang-Signature"),
                        call.getRequestHeaders(),
                        Instant.now());
        all.add(one);
        try {
            behaviour.answer(call, one);
        } catch (Exception failure) {
            call.close();
        }
    }

    public static void status(HttpExchange call, int status) throws IOException {
        call.sendResponseHeaders(status, -1);
        call.close();
    }

    public Receiver does(Behaviour next) {
        behaviour = next;
        return this;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/notified";
    }

    public List<Notified> all() {
        return all;
    }

    /// Every event that came, as often as it came.
    public List<Event> events() {
        return all.stream().flatMap(one -> one.events().stream()).toList();
    }

    /// Waits until something came.
    Notified until(Predicate<Notified> wanted) {
        await().atMost(Duration.ofSeconds(30)).until(() -> all.stream().anyMatch(wanted));
        return all.stream().filter(wanted).findFirst().orElseThrow();
    }

    Notified untilType(String type) {
        return until(one -> one.type().equals(type));
    }

    /// Waits until so many different events came.
    void untilEvents(int many) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> events().stream().map(Event::number).distinct().count() >= many);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
