package org.yifang.price.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.platform.Outbound;
import org.yifang.platform.Uuid7;
import org.yifang.price.compare.PriceFixture;
import org.yifang.price.offer.PriceViews;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Prices fetched from a real HTTP server.
class PriceFeedTest {
    private static final String P1 = "pharmacy/P42128100001";
    private static final String CSV =
            "code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n"
                    + PriceFixture.AMLODIPINE
                    + ",9.80,7,片,12,retail,2026-11-20T09:00:00+08:00\n"
                    + "X,1,7,片,1,retail,\n";

    private static PriceFixture county;
    private static HttpServer shop;
    private static PriceFeeds feeds;
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static volatile Consumer<HttpServerRequest> answer = request -> {};

    @BeforeAll
    static void open() {
        county = new PriceFixture();
        shop =
                county.vertx
                        .createHttpServer()
                        .requestHandler(request -> {
                            CALLS.incrementAndGet();
                            answer.accept(request);
                        })
                        .listen(0, "127.0.0.1")
                        .await();
        feeds = feeds(Outbound.of(List.of("127.0.0.0/8")));
    }

    @AfterAll
    static void close() {
        feeds.close();
        county.close();
    }

    @BeforeEach
    void register() {
        CALLS.set(0);
        tell(
                "{\"name\":\"url\",\"valueUrl\":\""
                        + url()
                        + "\"},"
                        + "{\"name\":\"every-minutes\",\"valueInteger\":10}");
    }

    private static PriceFeeds feeds(Outbound outbound) {
        return feeds(outbound, county.ids, county.clock::get);
    }

    private static PriceFeeds feeds(Outbound outbound, Uuid7 ids, InstantSource clock) {
        return new PriceFeeds(
                county.vertx,
                county.database,
                county.catalogue,
                county.organizations,
                ids,
                clock,
                outbound,
                List.of(Duration.ofMillis(10), Duration.ofMillis(10)));
    }

    private static String url() {
        return "http://localhost:" + shop.actualPort() + "/prices.csv";
    }

    private static HttpResponse<String> tell(String parameters) {
        return county.post(
                "/$price-feed",
                P1,
                "application/fhir+json",
                ("{\"resourceType\":\"Parameters\",\"parameter\":[" + parameters + "]}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static FeedStore.Feed feed() {
        return new FeedStore(county.database).find(county.pharmacy(1).id()).orElseThrow();
    }

    private static void later(Duration by) {
        county.clock.updateAndGet(at -> at.plus(by));
    }

    @Test
    void prices_are_taken_with_the_same_checks_and_not_again_while_nothing_changed() {
        answer =
                request -> {
                    if ("\"v1\"".equals(request.getHeader("If-None-Match"))) {
                        request.response().setStatusCode(304).end();
                        return;
                    }
                    request.response()
                            .putHeader("Content-Type", "text/csv; charset=utf-8")
                            .putHeader("ETag", "\"v1\"")
                            .end(CSV.replace(PriceFixture.AMLODIPINE, PriceFixture.ATORVASTATIN));
                };
        assertThat(feeds.fetchDue()).isEqualTo(1);
        assertThat(feed().outcome()).isEqualTo("accepted 1, held 0, refused 1, repeated 0");
        assertThat(feeds.fetchDue()).isZero();
        later(Duration.ofMinutes(10));
        assertThat(feeds.fetchDue()).isEqualTo(1);
        assertThat(feed().outcome()).isEqualTo("not changed");
        assertThat(feed().etag()).isEqualTo("\"v1\"");
        String offer =
                PriceViews.offer(
                                county.database, county.pharmacy(1).id(), PriceFixture.ATORVASTATIN)
                        .id()
                        .toString();
        assertThat(county.get("/ChargeItemDefinition/" + offer + "/$price-history", P1).body())
                .contains("pulled")
                .contains(url());
        assertThat(tell("").body()).contains("not changed").contains(url());
    }

    @Test
    void a_hiccup_is_tried_again_and_a_broken_feed_ever_less_often() {
        answer = request -> request.response().setStatusCode(503).end();
        feeds.fetchDue();
        assertThat(CALLS).hasValue(3);
        assertThat(feed().outcome()).isEqualTo("it answered 503");
        assertThat(feed().next()).isEqualTo(county.clock.get().plus(Duration.ofMinutes(10)));
        for (int i = 2; i <= PriceFeeds.BROKEN_AFTER; i++) {
            later(Duration.ofMinutes(10));
            feeds.fetchDue();
        }
        assertThat(feed().failures()).isEqualTo(PriceFeeds.BROKEN_AFTER);
        assertThat(feed().next()).isEqualTo(county.clock.get().plus(Duration.ofMinutes(20)));
        later(Duration.ofMinutes(20));
        CALLS.set(0);
        feeds.fetchDue();
        // Broken: one try tells whether it is well again.
        assertThat(CALLS).hasValue(1);
        assertThat(feed().next()).isEqualTo(county.clock.get().plus(Duration.ofMinutes(40)));
        answer = request -> request.response().putHeader("Content-Type", "text/csv").end(CSV);
        later(Duration.ofMinutes(40));
        feeds.fetchDue();
        assertThat(feed().failures()).isZero();
        assertThat(feed().next()).isEqualTo(county.clock.get().plus(Duration.ofMinutes(10)));
    }

    @Test
    void what_is_gone_or_unreadable_is_told_without_another_try() {
        answer = request -> request.response().setStatusCode(404).end();
        feeds.fetchDue();
        assertThat(CALLS).hasValue(1);
        assertThat(feed().outcome()).isEqualTo("it answered 404");
        answer = request -> request.response().putHeader("Content-Type", "image/png").end("x");
        later(Duration.ofMinutes(10));
        feeds.fetchDue();
        assertThat(feed().outcome()).contains("image/png");
        assertThat(feed().failures()).isEqualTo(2);
    }

    /// As the client of the database fails when PostgreSQL is started anew: checked, and declared
    /// by nobody.
    private static Instant reset() {
        return Future.<Instant>failedFuture(new IOException("Connection reset")).await();
    }

    @Test
    void a_connection_that_breaks_while_prices_are_taken_is_told_and_the_next_fetch_takes_them() {
        answer = request -> request.response().putHeader("Content-Type", "text/csv").end(CSV);
        AtomicInteger asked = new AtomicInteger();
        PriceFeeds broken =
                feeds(
                        Outbound.of(List.of("127.0.0.0/8")),
                        new Uuid7(
                                () -> asked.getAndIncrement() == 0 ? reset() : county.clock.get()),
                        county.clock::get);
        assertThat(broken.fetchDue()).isEqualTo(1);
        assertThat(asked).hasValue(1);
        assertThat(feed().outcome()).isEqualTo("it could not be taken in");
        assertThat(feed().failures()).isEqualTo(1);
        later(Duration.ofMinutes(10));
        assertThat(broken.fetchDue()).isEqualTo(1);
        assertThat(feed().failures()).isZero();
        broken.close();
    }

    @Test
    void a_look_that_meets_a_broken_connection_is_not_the_last() {
        answer = request -> request.response().putHeader("Content-Type", "text/csv").end(CSV);
        AtomicInteger looks = new AtomicInteger();
        Set<Throwable> unmet = ConcurrentHashMap.newKeySet();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, failure) -> unmet.add(failure));
        PriceFeeds broken =
                feeds(
                        Outbound.of(List.of("127.0.0.0/8")),
                        county.ids,
                        () -> looks.getAndIncrement() == 0 ? reset() : county.clock.get());
        try {
            broken.start();
            await().until(() -> {
                broken.start();
                return feed().outcome() != null;
            });
            assertThat(feed().failures()).isZero();
            assertThat(unmet).isEmpty();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
            broken.close();
        }
    }

    @Test
    void an_address_within_the_house_is_not_called() {
        PriceFeeds strict = feeds(Outbound.PUBLIC);
        strict.fetchDue();
        strict.close();
        assertThat(CALLS).hasValue(0);
        assertThat(feed().outcome()).contains("may not be called");
    }

    @Test
    void a_feed_without_end_is_cut_off() {
        answer =
                request -> {
                    request.response().setChunked(true).putHeader("Content-Type", "text/csv");
                    pour(request, 0);
                };
        feeds.fetchDue();
        assertThat(feed().outcome()).contains("larger than");
    }

    private static void pour(HttpServerRequest request, int times) {
        if (times < 40 && !request.response().closed()) {
            request.response().write("x".repeat(1 << 20)).onSuccess(_ -> pour(request, times + 1));
        }
    }

    @Test
    void a_feed_may_be_removed_and_nonsense_is_refused() {
        assertThat(tell("{\"name\":\"url\",\"valueUrl\":\"file:///etc/passwd\"}").statusCode())
                .isEqualTo(400);
        assertThat(tell("{\"name\":\"remove\",\"valueBoolean\":true}").statusCode()).isEqualTo(200);
        assertThat(feeds.fetchDue()).isZero();
        assertThat(tell("").body()).doesNotContain("localhost");
    }
}
