package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestDatabase;
import org.yifang.platform.config.DatabaseAddress;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Migrations;
import org.yifang.price.offer.DemonstrationOffers;
import org.yifang.price.offer.Offer;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// What a comparison showed is kept whole, or the comparison is not answered; and what it shows is
/// never older than the question.
class ShownPricesTest {
    private static final UUID TASK = UUID.fromString("018f3c5e-0000-7000-8000-000000000009");
    private static final Instant NOON = PriceFixture.NOON;
    private static PriceFixture county;
    private static String set = "";

    @BeforeAll
    static void open() {
        county = new PriceFixture();
        DemonstrationOffers.load(
                county.database,
                county.catalogue,
                county.organizations.pharmacies(),
                county.ids,
                NOON);
        county.open = List.of(county.line(1, PriceFixture.AMLODIPINE, 7));
        set = county.drug(PriceFixture.AMLODIPINE).substitutionSet();
    }

    @AfterAll
    static void close() {
        county.close();
    }

    private static HttpResponse<String> compare() {
        return county.post(
                "/Task/" + TASK + "/$compare-prices",
                "patient",
                "application/fhir+json",
                "{\"resourceType\":\"Parameters\"}".getBytes(StandardCharsets.UTF_8));
    }

    private static long count(String sql) {
        return county.database.run(Database.SQL.resultQuery(sql)).iterator().next().getLong(0);
    }

    private static void run(String sql) {
        county.database.run(Database.SQL.query(sql));
    }

    @Test
    void a_comparison_whose_record_cannot_be_written_is_not_answered() {
        assertThat(compare().statusCode()).isEqualTo(200);
        run("ALTER TABLE price_shown ADD CONSTRAINT full_disk CHECK (id IS NULL) NOT VALID");
        try {
            long before = count("SELECT count(*) FROM price_shown");
            HttpResponse<String> answer = compare();
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("cheapest").doesNotContain("pack-price");
            assertThat(count("SELECT count(*) FROM price_shown")).isEqualTo(before);
        } finally {
            run("ALTER TABLE price_shown DROP CONSTRAINT full_disk");
        }
        assertThat(compare().statusCode()).isEqualTo(200);
    }

    @Test
    void comparisons_that_share_a_commit_keep_their_own_lines() {
        ShownPriceStore shown = new ShownPriceStore(county.database);
        var pharmacy = county.pharmacy(1);
        List<Future<Void>> kept = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            List<Comparison.Chosen> lines = new ArrayList<>();
            for (int n = 0; n < i % 3; n++) {
                lines.add(chosen(pharmacy, n, 1000L * i + n));
            }
            kept.add(
                    shown.keep(
                            new ShownPriceStore.Showing(
                                    county.ids.get(),
                                    "421281",
                                    new UUID(3, i),
                                    "test",
                                    "cheapest: " + i,
                                    NOON,
                                    lines)));
        }
        Future.all(kept).await();
        for (int i = 0; i < 100; i++) {
            for (int n = 0; n < 3; n++) {
                var last = last(county.database, new UUID(3, i), pharmacy.id(), "D" + n, NOON);
                if (n < i % 3) {
                    assertThat(requireNonNull(last).priceFen()).isEqualTo(1000L * i + n);
                    assertThat(last.packUnits()).isEqualTo(7 + n);
                } else {
                    assertThat(last).isNull();
                }
            }
            assertThat(
                            count(
                                    "SELECT count(*) FROM price_shown WHERE task_id = '%s' AND"
                                                    .formatted(new UUID(3, i))
                                            + " shown_order = 'cheapest: "
                                            + i
                                            + "'"))
                    .isEqualTo(1);
        }
        long transactions =
                count(
                        "SELECT count(DISTINCT xmin::text) FROM price_shown"
                                + " WHERE shown_order LIKE 'cheapest: %' AND caller = 'test'");
        assertThat(transactions).isLessThan(20);
    }

    private static Comparison.Chosen chosen(Organization pharmacy, int number, long fen) {
        var offer =
                new Offer(
                        new UUID(4, number),
                        pharmacy.id(),
                        pharmacy.number(),
                        "D" + number,
                        set,
                        "盒",
                        7 + number,
                        fen,
                        Offer.PriceType.RETAIL,
                        null,
                        Offer.Basis.UNKNOWN,
                        NOON,
                        1);
        return new Comparison.Chosen(
                county.open.getFirst(),
                pharmacy,
                offer,
                county.drug(PriceFixture.AMLODIPINE),
                1,
                BigDecimal.ZERO,
                Freshness.of(NOON, NOON),
                Equivalence.L0);
    }

    private static ShownPriceStore.Shown last(
            Database database, UUID task, UUID pharmacy, String drug, Instant sold) {
        return database.inTransaction(
                tx -> ShownPriceStore.last(tx, task, pharmacy, drug, sold).await());
    }

    /// Many ask while a price rises: whoever asks after a rise was committed sees it.
    @Test
    void a_question_never_gets_an_answer_older_than_itself() throws InterruptedException {
        OfferBoard board = new OfferBoard(county.database);
        AtomicLong committed = new AtomicLong();
        List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        AtomicLong questions = new AtomicLong();
        List<Thread> askers = new ArrayList<>();
        run("UPDATE offer SET price_fen = 1000 WHERE drug_code = 'XC08CAA013A001010100001'");
        committed.set(1000);
        for (int i = 0; i < 16; i++) {
            askers.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                while (committed.get() < 1060) {
                                    long atLeast = committed.get();
                                    long seen = price(board.offers(List.of(set)));
                                    questions.incrementAndGet();
                                    if (seen < atLeast) {
                                        wrong.add(seen + " after " + atLeast);
                                    }
                                }
                            }));
        }
        for (long fen = 1001; fen <= 1060; fen++) {
            run(
                    "UPDATE offer SET price_fen = %d WHERE drug_code = 'XC08CAA013A001010100001'"
                            .formatted(fen));
            committed.set(fen);
            Thread.sleep(5);
        }
        for (Thread asker : askers) {
            asker.join();
        }
        assertThat(wrong).isEmpty();
        assertThat(questions.get()).isGreaterThan(60);
        assertThat(price(board.offers(List.of(set)))).isEqualTo(1060);
    }

    private static long price(Map<String, SetOffers> offers) {
        SetOffers here = requireNonNull(offers.get(set));
        var span = here.spans(List.of(county.pharmacy(1))).getFirst();
        for (int at = span.from(); at < span.to(); at++) {
            if (here.drugCodes().get(here.drug(at)).equals(PriceFixture.AMLODIPINE)) {
                return here.priceFen(at);
            }
        }
        throw new AssertionError("no offer of the drug");
    }

    @Test
    void what_an_older_version_showed_is_still_found() throws SQLException {
        DatabaseAddress address = TestDatabase.empty();
        Flyway.configure()
                .dataSource(address.jdbcUrl(), address.user(), address.password())
                .locations("classpath:sql")
                .target("20")
                .load()
                .migrate();
        try (var connection =
                        DriverManager.getConnection(
                                address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    INSERT INTO price_shown (id, region, task_id, caller, shown_order, shown_at)
                    SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, '421281',
                        '018f3c5e-0000-7000-8000-000000000009', 'client', 'cheapest: P' || n,
                        timestamptz '2026-11-20 02:00Z' + n * interval '1 minute'
                    FROM generate_series(1, 3) AS n;
                    INSERT INTO price_shown_line
                    SELECT s.id, s.task_id, ('00000000-0000-0000-0000-0000000000b' || p)::uuid,
                        'D' || p, 100 * p + extract(minute FROM s.shown_at)::int, 7 * p, s.shown_at
                    FROM price_shown s CROSS JOIN generate_series(1, 4) AS p
                    WHERE s.shown_order <> 'cheapest: P3'
                    """);
        }
        Migrations.apply(address);
        var database = new Database(county.vertx, address, 2);
        try {
            for (int p = 1; p <= 4; p++) {
                var shown =
                        requireNonNull(last(database, TASK, new UUID(0, 0xb0 + p), "D" + p, NOON));
                // The second of the two comparisons that had lines.
                assertThat(shown.priceFen()).isEqualTo(100 * p + 2);
                assertThat(shown.packUnits()).isEqualTo(7 * p);
                assertThat(shown.at()).isEqualTo(NOON.plus(Duration.ofMinutes(2)));
                assertThat(last(database, TASK, new UUID(0, 0xb0 + p), "D9", NOON)).isNull();
            }
            Instant later = NOON.plus(ShownPriceStore.BINDS).plus(Duration.ofMinutes(3));
            assertThat(last(database, TASK, new UUID(0, 0xb1), "D1", later)).isNull();
            var rows =
                    database.run(
                            Database.SQL.resultQuery(
                                    "SELECT count(*), sum(cardinality(drug_codes))"
                                            + " FROM price_shown"));
            assertThat(rows.iterator().next().getLong(0)).isEqualTo(3);
            assertThat(rows.iterator().next().getLong(1)).isEqualTo(8);
        } finally {
            database.close().await();
        }
    }
}
