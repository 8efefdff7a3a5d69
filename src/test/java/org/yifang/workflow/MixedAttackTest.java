package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.ConcurrentHistogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.Alone;
import org.yifang.TestService;
import org.yifang.abuse.Wire;
import org.yifang.workflow.Client.Reply;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/// Everything that an attacker does, all at once at 64 connections, while a hospital and its
/// pharmacies go on with their work: for `yifang.test.minutes`, 30 if nothing is said.
@Tag("soak")
@Alone
final class MixedAttackTest {
    private static final int ATTACKERS = 64;
    private static final Duration ATTACK =
            Duration.ofMinutes(Integer.getInteger("yifang.test.minutes", 30));
    private static final int KINDS = 14;

    /// What others may wait for meanwhile, beside three times the usual: a machine of two
    /// processors is shared by 64 attackers and their victims.
    private static final long STEP_MILLIS = 100;

    private static final Duration CALM = Duration.ofSeconds(30);

    private final TestService service = TestService.shared();
    private final Story story = new Story(service);
    private final Map<String, AtomicLong> unexpected = new ConcurrentHashMap<>();
    private final byte[] bomb = bomb();

    private static byte[] bomb() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < 50; i++) {
                gzip.write(new byte[1024 * 1024]);
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    @Test
    void nothing_is_stopped_starved_or_deceived() throws Exception {
        ConcurrentHistogram calm = new ConcurrentHistogram(2);
        work(Instant.now().plus(CALM), calm);
        long heapBefore = heap();
        ConcurrentHistogram attacked = new ConcurrentHistogram(2);
        Instant until = Instant.now().plus(ATTACK);
        AtomicLong attacks = new AtomicLong();
        try (ExecutorService all = Executors.newFixedThreadPool(ATTACKERS)) {
            List<Future<?>> attackers =
                    java.util.stream.IntStream.range(0, ATTACKERS)
                            .<Future<?>>mapToObj(i -> all.submit(() -> attack(until, attacks)))
                            .toList();
            work(until, attacked);
            for (Future<?> one : attackers) {
                one.get();
            }
        }
        long heapAfter = heap();
        System.out.printf(
                "%d attacks, %d calls of others; p99 %d ms before, %d ms meanwhile; heap %d and"
                        + " %d MiB; unexpected %s%n",
                attacks.get(),
                attacked.getTotalCount(),
                calm.getValueAtPercentile(99),
                attacked.getValueAtPercentile(99),
                heapBefore >> 20,
                heapAfter >> 20,
                unexpected);
        assertThat(unexpected).isEmpty();
        assertThat(attacked.getValueAtPercentile(99))
                .isLessThan(3 * Math.max(STEP_MILLIS, calm.getValueAtPercentile(99)));
        assertThat(heapAfter).isLessThan(heapBefore + (64L << 20));
        ConcurrentHistogram afterwards = new ConcurrentHistogram(2);
        work(Instant.now().plus(CALM), afterwards);
        assertThat(unexpected).isEmpty();
        assertThat(afterwards.getValueAtPercentile(99))
                .isLessThan(3 * Math.max(200, calm.getValueAtPercentile(99)));
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /// What goes on: prescriptions are written, read and looked for.
    private void work(Instant until, ConcurrentHistogram took) {
        while (Instant.now().isBefore(until)) {
            long began = System.nanoTime();
            Reply submitted = story.submit(story.document());
            expect("submit", submitted, 201);
            expect(
                    "read",
                    story.hospital.get("/fhir/Task/" + submitted.body().path("id").asText()),
                    200);
            expect("search", story.hospital.get("/fhir/Task?_count=5"), 200);
            expect(
                    "bad",
                    story.hospital.post("/fhir/Bundle/$validate", "{\"resourceType\":\"Bundle\"}"),
                    200);
            took.recordValue((System.nanoTime() - began) / 4_000_000);
        }
    }

    private void expect(String what, Reply reply, int... statuses) {
        for (int status : statuses) {
            if (reply.status() == status) {
                return;
            }
        }
        count(what + " " + reply.status());
    }

    private void count(String what) {
        unexpected.computeIfAbsent(what, _ -> new AtomicLong()).incrementAndGet();
    }

    private void attack(Instant until, AtomicLong attacks) {
        Client insider = new Client(service, "hospital-2");
        while (Instant.now().isBefore(until)) {
            int kind = ThreadLocalRandom.current().nextInt(KINDS);
            try {
                once(kind, insider);
            } catch (IOException refused) {
                // A connection that is not taken is an answer, too.
            } catch (RuntimeException failure) {
                count("attack " + kind + " " + failure.getClass().getSimpleName());
            }
            attacks.incrementAndGet();
        }
    }

    private void once(int kind, Client insider) throws IOException {
        switch (kind) {
            case 0 -> raw(head("/auth/token", bomb.length, "gzip"), bomb, 413, 429);
            case 1 -> raw(head("/fhir/$submit-prescription", bomb.length, "gzip"), bomb, 401, 429);
            case 2 -> raw(head("/audit/cosignatures", bomb.length, "gzip"), bomb, 413, 429);
            case 3 ->
                    raw(
                            "POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                            new byte[0],
                            400);
            case 4 -> slow();
            case 5 ->
                    expect(
                            "entries",
                            insider.post(
                                    "/fhir/Bundle/$validate",
                                    "{\"resourceType\":\"Bundle\",\"type\":\"document\",\"entry\":["
                                            + "{},".repeat(2_999)
                                            + "{}]}"),
                            200,
                            429,
                            503);
            case 6 -> expect("values", insider.get("/fhir/Task?_id=" + "a,".repeat(100)), 422, 429);
            case 7 ->
                    raw(
                            "X"
                                    + ThreadLocalRandom.current().nextLong()
                                    + " /nothing HTTP/1.1\r\nHost: x\r\n\r\n",
                            new byte[0],
                            400,
                            404,
                            405,
                            429,
                            501);
            case 8 -> deaf("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(40));
            case 9 -> deaf("GET /fhir/metadata HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000));
            case 10 ->
                    deaf("GET /queue/live?organization=H42128100001 HTTP/1.1\r\nHost: x\r\n\r\n");
            case 11 ->
                    raw(
                            "POST /auth/token HTTP/1.1\r\nHost: x\r\nAuthorization: Basic"
                                    + " cGhhcm1hY3ktOTp3cm9uZw==\r\nContent-Type:"
                                    + " application/x-www-form-urlencoded\r\nContent-Length: 29\r\n"
                                    + "Connection: close\r\n\r\ngrant_type=client_credentials",
                            new byte[0],
                            401,
                            429);
            case 12 -> raw(head("/sign-in", bomb.length, "gzip"), bomb, 413, 429);
            default ->
                    expect(
                            "depth",
                            insider.post(
                                    "/fhir/Patient/$validate",
                                    "{\"resourceType\":\"Patient\",\"name\":"
                                            + "[".repeat(100_000)
                                            + "]".repeat(100_000)
                                            + "}"),
                            400,
                            429,
                            503);
        }
    }

    private static String head(String path, int length, String coding) {
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Encoding: "
                + coding
                + "\r\nContent-Length: "
                + length
                + "\r\nConnection: close\r\n\r\n";
    }

    private void raw(String head, byte[] body, int... statuses) throws IOException {
        try (Wire wire = Wire.to(service.url())) {
            int status = wire.send(head).send(body).read(Duration.ofSeconds(1)).status();
            boolean fine = status == 0;
            for (int one : statuses) {
                fine |= status == one;
            }
            if (!fine) {
                count(head.substring(0, head.indexOf(' ', 6)) + " " + status);
            }
        }
    }

    /// Asks and does not read.
    private void deaf(String requests) throws IOException {
        try (Wire wire = Wire.to(service.url())) {
            wire.send(requests).hold(Duration.ofSeconds(2));
        }
    }

    /// Half a head, and then some seconds of nothing.
    private void slow() throws IOException {
        try (Wire wire = Wire.to(service.url())) {
            wire.send("POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\na=")
                    .read(Duration.ofSeconds(3));
        }
    }
}
