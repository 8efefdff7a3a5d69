package org.yifang.price.offer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yifang.catalogue.Drug;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Statement;
import org.yifang.price.compare.Comparison;
import org.yifang.price.compare.PriceFixture;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// The promised speeds with 300 pharmacies and 3,000 packs each, over HTTP; server, database and
/// clients share the machine.
@Tag("bench")
class PriceSpeedTest {
    private static final int PHARMACIES = 300;
    private static final int PACKS = 3000;
    private static final int CLIENTS = 24;
    private static PriceFixture county;
    private static List<Drug> drugs = List.of();

    @BeforeAll
    static void open() {
        county = new PriceFixture(catalogue(), registry());
        drugs = county.catalogue.entries().stream().map(entry -> entry.drug()).toList();
        assertThat(drugs).hasSize(PACKS);
        // Ten pharmacies are imported, the others are their copies at slightly other prices.
        DemonstrationOffers.load(
                county.database,
                county.catalogue,
                county.organizations.pharmacies().subList(0, 10),
                county.ids,
                PriceFixture.NOON);
        run(
                """
                INSERT INTO offer (id, region, pharmacy_id, pharmacy, location_id, drug_code,
                    substitution_set, pack_unit, pack_units, event_id, price_fen, price_type,
                    patient_pays_fen, patient_basis, observed_at, source, stock,
                    stock_observed_at, version, created_at, updated_at)
                SELECT gen_random_uuid(), o.region, p.id, p.number, l.id, o.drug_code,
                    o.substitution_set, o.pack_unit, o.pack_units, o.event_id,
                    greatest(1, (o.price_fen * (0.9 + 0.2 * random()))::bigint), o.price_type,
                    o.patient_pays_fen, o.patient_basis, o.observed_at, o.source, 9,
                    o.stock_observed_at, 1, o.created_at, o.updated_at
                FROM organization p JOIN location l ON l.organization_id = p.id
                JOIN offer o ON o.pharmacy = 'P421281' || lpad(
                    (1 + substr(p.number, 8)::int % 10)::text, 5, '0')
                WHERE p.kind = 'pharmacy' ON CONFLICT DO NOTHING
                """);
        run("ANALYZE");
        assertThat(number("SELECT count(*) FROM offer")).isEqualTo(PHARMACIES * (long) PACKS);
    }

    @AfterAll
    static void close() {
        county.close();
    }

    private static void run(String sql) {
        // Past the time limit of the service's own statements.
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                county.address.jdbcUrl(),
                                county.address.user(),
                                county.address.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static long number(String sql) {
        return county.database.run(Database.SQL.resultQuery(sql)).iterator().next().getLong(0);
    }

    /// The demonstration's drugs, and the same in larger packs of other makers.
    private static byte[] catalogue() {
        String[] lines =
                new String(PriceFixture.resource("catalogue.csv"), StandardCharsets.UTF_8)
                        .split("\n");
        List<String> rows =
                new ArrayList<>(
                        Arrays.stream(lines)
                                .filter(line -> !line.startsWith("#") && !line.isBlank())
                                .toList());
        String header = rows.removeFirst();
        List<String> all = new ArrayList<>(rows);
        for (int i = 0; all.size() < PACKS; i++) {
            String[] fields = rows.get(i % rows.size()).split(",", -1);
            fields[0] =
                    fields[0].substring(0, fields[0].length() - 5) + "%05d".formatted(90_000 + i);
            fields[12] = "示例第" + i / rows.size() + "制药有限公司";
            fields[13] = "国药准字H%08d".formatted(30_000_000 + i);
            all.add(String.join(",", fields));
        }
        return (header + "\n" + String.join("\n", all)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] registry() {
        JsonObject file =
                new JsonObject(
                        new String(PriceFixture.resource("registry.json"), StandardCharsets.UTF_8));
        JsonArray organizations = file.getJsonArray("organizations");
        JsonObject shop =
                organizations.stream()
                        .map(JsonObject.class::cast)
                        .filter(one -> "P42128100001".equals(one.getString("number")))
                        .findFirst()
                        .orElseThrow();
        Random random = new Random(7);
        for (int i = 13; i <= PHARMACIES; i++) {
            JsonObject copy = shop.copy();
            copy.put("number", "P421281%05d".formatted(i)).put("name", "第" + i + "药房（示例）");
            copy.remove("uscc");
            copy.remove("staff");
            copy.getJsonObject("place")
                    .put("latitude", 29.72 + 0.3 * random.nextGaussian())
                    .put("longitude", 113.90 + 0.3 * random.nextGaussian());
            organizations.add(copy);
        }
        return file.encode().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void compares_five_lines_three_hundred_times_a_second() throws InterruptedException {
        Random random = new Random(11);
        county.prescriptions = task -> lines(new Random(task.getLeastSignificantBits() % 50));
        // Until every set was read once and the code is compiled.
        measured(Duration.ofSeconds(30), random.nextLong());
        Measured measured = measured(Duration.ofSeconds(10), random.nextLong());
        System.out.printf(
                "compare-prices: %.0f per second, p50 %.1f ms, p99 %.1f ms, %.2f ms of processor"
                        + " and %.2f ms of the database's%n",
                measured.perSecond,
                measured.p50,
                measured.p99,
                measured.processor,
                measured.database);
        assertThat(measured.perSecond).isGreaterThanOrEqualTo(300);
        assertThat(measured.p99).isLessThan(150);
    }

    /// @param processor time of server and clients for one call, in milliseconds
    /// @param database the same of PostgreSQL; 0 when it runs where its processes cannot be seen
    private record Measured(
            double perSecond, double p50, double p99, double processor, double database) {}

    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long databaseNanos() {
        long nanos = 0;
        for (var row :
                county.database.run(Database.SQL.resultQuery("SELECT pid FROM pg_stat_activity"))) {
            nanos +=
                    ProcessHandle.of(row.getInteger(0))
                            .map(ProcessHandle::info)
                            .filter(one -> one.command().orElse("").endsWith("postgres"))
                            .flatMap(ProcessHandle.Info::totalCpuDuration)
                            .map(Duration::toNanos)
                            .orElse(0L);
        }
        return nanos;
    }

    private static Measured measured(Duration during, long seed) throws InterruptedException {
        Instant end = Instant.now().plus(during);
        AtomicInteger task = new AtomicInteger((int) seed);
        long before = processorNanos();
        long databaseBefore = databaseNanos();
        var millis = new ConcurrentLinkedQueue<Double>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                while (Instant.now().isBefore(end)) {
                                    long start = System.nanoTime();
                                    compare(new UUID(1, task.incrementAndGet()));
                                    millis.add((System.nanoTime() - start) / 1e6);
                                }
                            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        double[] all = millis.stream().mapToDouble(one -> one).sorted().toArray();
        return new Measured(
                all.length / (double) during.toSeconds(),
                all[all.length / 2],
                all[(int) (all.length * 0.99)],
                (processorNanos() - before) / 1e6 / all.length,
                (databaseNanos() - databaseBefore) / 1e6 / all.length);
    }

    private static void compare(UUID task) {
        HttpResponse<String> answer =
                county.post(
                        "/Task/" + task + "/$compare-prices",
                        "patient",
                        "application/fhir+json",
                        """
                        {"resourceType":"Parameters","parameter":[
                        {"name":"latitude","valueDecimal":29.72},
                        {"name":"longitude","valueDecimal":113.9}]}
                        """
                                .getBytes(StandardCharsets.UTF_8));
        if (answer.statusCode() != 200 || !answer.body().contains("balanced")) {
            throw new AssertionError(answer.body());
        }
    }

    /// Five drugs of one of fifty prescriptions.
    private static List<Comparison.Line> lines(Random random) {
        List<Comparison.Line> lines = new ArrayList<>();
        for (int number = 1; number <= 5; number++) {
            Drug drug = drugs.get(random.nextInt(drugs.size()));
            lines.add(county.line(number, drug.code().value(), drug.packFactor()));
        }
        return lines;
    }

    /// Every statement that a comparison or an import repeats finds its rows by an index, among
    /// 900,000 offers.
    @Test
    void asks_by_index() {
        for (Statement hot :
                List.of(
                        OfferStore.OF_SETS,
                        OfferStore.OF_PHARMACY,
                        OfferStore.PEERS,
                        OfferStore.LOCKED)) {
            String plan = explained(hot.sql());
            assertThat(plan).doesNotContain("Seq Scan").contains("Index");
        }
    }

    /// The plan for unknown values; only the simple protocol explains without them.
    private static String explained(String sql) {
        var plan = new StringBuilder();
        String url = county.address.jdbcUrl();
        try (var connection =
                        java.sql.DriverManager.getConnection(
                                url + (url.contains("?") ? "&" : "?") + "preferQueryMode=simple",
                                county.address.user(),
                                county.address.password());
                var rows =
                        connection
                                .createStatement()
                                .executeQuery("EXPLAIN (GENERIC_PLAN) " + sql)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(failure);
        }
        System.out.println(plan);
        return plan.toString();
    }

    @Test
    void imports_a_hundred_thousand_offers_within_thirty_seconds() {
        StringBuilder rows =
                new StringBuilder(
                        "code,price_yuan,pack_quantity,pack_unit,stock,price_type,observed_at\n");
        Instant first = PriceFixture.NOON.minus(Duration.ofDays(20));
        for (int i = 0; i < 100_000; i++) {
            Drug drug = drugs.get(i % drugs.size());
            rows.append(drug.code().value())
                    .append(',')
                    .append(10 + i % 7)
                    .append(".50,")
                    .append(drug.packFactor())
                    .append(',')
                    .append(drug.preparationUnit())
                    .append(",5,retail,")
                    .append(first.plusSeconds(i / drugs.size() * 3600L))
                    .append('\n');
        }
        byte[] body = rows.toString().getBytes(StandardCharsets.UTF_8);
        long processor = processorNanos();
        long databaseBefore = databaseNanos();
        long start = System.nanoTime();
        HttpResponse<String> answer =
                county.post("/$import-offers", "pharmacy/P42128100300", "text/csv", body);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "import-offers: 100000 rows in %.1f s, processor %.1f s, database %.1f s%n",
                seconds,
                (processorNanos() - processor) / 1e9,
                (databaseNanos() - databaseBefore) / 1e9);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(PriceFixture.count(answer, "refused")).isZero();
        assertThat(seconds).isLessThan(30);
    }

    @Test
    void reckons_a_million_dispense_lines_within_ten_seconds() {
        run(
                """
                INSERT INTO sale (id, region, kind, key, task_id, pharmacy_id, in_house, drug_code,
                    substitution_set, quantity, value_fen, daily_doses, sold_from, sold_to,
                    recorded_at, recorded_by)
                SELECT gen_random_uuid(), o.region, 'dispense', 'bench ' || n, gen_random_uuid(),
                    o.pharmacy_id, false, o.drug_code, o.substitution_set, o.pack_units,
                    greatest(1, (o.price_fen * CASE WHEN n % 2 = 0 THEN 1 ELSE 0.94 END)::bigint),
                    1, day, day, o.created_at, 'bench' FROM generate_series(1, 1000000) AS n
                CROSS JOIN LATERAL (SELECT CASE WHEN n % 2 = 0 THEN DATE '2025-01-01'
                    ELSE DATE '2026-01-01' END + (n::bigint * 7919 % 300)::int AS day) AS days
                JOIN (SELECT o.*, row_number() OVER (ORDER BY md5(id::text)) AS place
                    FROM offer o LIMIT 60000) AS o ON o.place = 1 + n % 60000
                """);
        run("ANALYZE sale");
        assertThat(number("SELECT count(*) FROM sale")).isEqualTo(1_000_000);
        long start = System.nanoTime();
        HttpResponse<String> answer =
                county.get(
                        "/Measure/drug-price-change/$evaluate-measure?baselineStart=2025-01-01"
                                + "&baselineEnd=2025-12-31&periodStart=2026-01-01"
                                + "&periodEnd=2026-12-31",
                        "bureau");
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("evaluate-measure: 1000000 lines in %.1f s%n", seconds);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("laspeyres");
        assertThat(seconds).isLessThan(10);
    }
}
