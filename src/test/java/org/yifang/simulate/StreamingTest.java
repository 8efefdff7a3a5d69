package org.yifang.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yifang.Alone;
import org.yifang.abuse.Wire;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A gibibyte of anything, sent to whatever takes files, is answered by a service with a small
/// heap, several of them at once.
@Alone
class StreamingTest {
    private static final long GIBIBYTE = 1L << 30;

    /// Of each content at each place: together several times the heap of the service.
    private static final long SMALL = 64L << 20;

    /// Who may send where, and as what.
    private static final Map<String, String> PLACES =
            new LinkedHashMap<>(
                    Map.of(
                            "/fhir/$import-history", "hospital-1",
                            "/fhir/$import-offers", "pharmacy-1",
                            "/fhir/$import-catalogue", "bureau-1",
                            "/admin/import", "operator-1"));

    private static final List<String> CONTENTS =
            List.of(
                    "organization,queue,department,day,ticket,joined,called,served,left\n"
                            + "H42128100001,a,b,2024-01-02,1,08:00,08:01,08:02,08:03\n",
                    "code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n"
                            + "XC08CAA013A001010100001,1.23,7,片,5,retail,"
                            + "2026-11-01T08:00:00+08:00\n",
                    "x",
                    "\"",
                    ",",
                    "\n",
                    "#");

    @TempDir Path folder;

    private static String token(String url, String client)
            throws IOException, InterruptedException {
        String basic =
                Base64.getEncoder()
                        .encodeToString((client + ":" + client).getBytes(StandardCharsets.UTF_8));
        try (HttpClient http = HttpClient.newHttpClient()) {
            String body =
                    http.send(
                                    HttpRequest.newBuilder(URI.create(url + "/auth/token"))
                                            .header("Authorization", "Basic " + basic)
                                            .header(
                                                    "Content-Type",
                                                    "application/x-www-form-urlencoded")
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofString(
                                                            "grant_type=client_credentials"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            return body.replaceAll(".*\"access_token\":\"([^\"]+)\".*", "$1");
        }
    }

    /// Sends until it is refused or has sent all.
    private static int send(String url, String path, String token, String content, long bytes)
            throws IOException {
        // A header comes once, what follows it again and again.
        String again =
                content.length() == 1 ? content : content.substring(content.indexOf('\n') + 1);
        byte[] piece =
                (content + again.repeat(65_536 / again.length())).getBytes(StandardCharsets.UTF_8);
        try (Wire wire = Wire.to(url)) {
            wire.send(
                    ("POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                    + "Authorization: Bearer %s\r\nContent-Type: text/csv\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n")
                            .formatted(path, token));
            byte[] head =
                    (Integer.toHexString(piece.length) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII);
            for (long sent = 0; sent < bytes && wire.isOpen(); sent += piece.length) {
                wire.send(head).send(piece).send("\r\n");
            }
            return wire.send("0\r\n\r\n").read(Duration.ofMinutes(3)).status();
        }
    }

    @Test
    void memory_stays_flat_with_more_than_its_heap() throws Exception {
        stream(CONTENTS.subList(0, 2), SMALL);
    }

    @Test
    @Tag("soak")
    void memory_stays_flat_with_a_gibibyte_of_anything() throws Exception {
        stream(CONTENTS, GIBIBYTE);
    }

    private static double heapUsed(String url) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url + "/metrics")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                    .mapToDouble(
                            line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    private void stream(List<String> contents, long bytes) throws Exception {
        try (ServiceProcess service = ServiceProcess.start(folder)) {
            List<Thread> senders = new ArrayList<>();
            List<String> answers = new ArrayList<>();
            for (Map.Entry<String, String> place : PLACES.entrySet()) {
                senders.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (String content : contents) {
                                        String what = place.getKey() + " " + content.length();
                                        try {
                                            // A token lives for less than all of them take.
                                            int status =
                                                    send(
                                                            service.url(),
                                                            place.getKey(),
                                                            token(service.url(), place.getValue()),
                                                            content,
                                                            bytes);
                                            synchronized (answers) {
                                                answers.add(what + ": " + status);
                                            }
                                        } catch (IOException | InterruptedException cut) {
                                            synchronized (answers) {
                                                answers.add(what + ": 0");
                                            }
                                        }
                                    }
                                }));
            }
            for (Thread sender : senders) {
                sender.join();
            }
            System.out.println(answers);
            System.out.printf(
                    "%d bytes at each of %d places, heap of 320 MiB: %.0f MiB used at the end%n",
                    bytes, PLACES.size(), heapUsed(service.url()) / (1 << 20));
            assertThat(answers).hasSize(PLACES.size() * contents.size());
            assertThat(answers).noneMatch(one -> one.endsWith("500"));
            assertThat(service.isAlive()).isTrue();
            assertThat(service.log()).doesNotContain("OutOfMemoryError");
        }
    }
}
