package org.yifang.price.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/// How long it takes to tell how the prices of five drugs went, among those that three hundred
/// pharmacies told of two years.
@Tag("bench")
class PriceCourseSpeedTest {
    private static final int PHARMACIES = 300;
    private static final int DRUGS = 1000;
    private static final int TIMES = 7;
    private static PriceFixture county;

    @BeforeAll
    static void open() {
        county = new PriceFixture();
        String drug = PriceFixture.AMLODIPINE;
        county.open = List.of(county.line(1, drug, 7));
        // The log of changes is left out: two million hashes are not what is measured. The drug
        // that
        // is asked for is one of a thousand.
        run(
                """
                SET session_replication_role = replica;
                INSERT INTO price_event (id, region, pharmacy_id, drug_code, substitution_set,
                    price_fen, pack_units, price_type, patient_basis, observed_at, received_at,
                    source, origin, status, flags, evidence)
                SELECT gen_random_uuid(), '421281', p.id,
                    CASE WHEN d = 1 THEN '%1$s' ELSE 'XSPEED%%' || d END, 'set', 500 + k, 7,
                    'retail', 'unknown', at, at, 'import', 'bench', 'accepted', '', ''
                FROM generate_series(1, %3$d) AS d, generate_series(1, %4$d) AS k,
                    (SELECT coalesce(o.id, gen_random_uuid()) AS id, n
                     FROM generate_series(1, %2$d) AS n
                     LEFT JOIN organization o
                        ON o.number = 'P421281' || lpad(n::text, 5, '0')) AS p,
                    LATERAL (SELECT timestamptz '2026-11-20 02:00Z' - make_interval(
                        hours => (k * 2400 + (p.n * 7919 + d) %% 2400)) AS at) AS ats;
                INSERT INTO offer (id, region, pharmacy_id, pharmacy, location_id, drug_code,
                    substitution_set, pack_unit, pack_units, event_id, price_fen, price_type,
                    patient_basis, observed_at, source, version, created_at, updated_at)
                SELECT gen_random_uuid(), '421281', e.pharmacy_id, o.number, l.id,
                    e.drug_code, '%5$s', '片', 7, e.id, e.price_fen, 'retail', 'unknown',
                    e.observed_at, 'import', 1, e.observed_at, e.observed_at
                FROM organization o JOIN location l ON l.organization_id = o.id
                JOIN LATERAL (SELECT * FROM price_event WHERE pharmacy_id = o.id
                    AND drug_code = '%1$s' ORDER BY observed_at DESC LIMIT 1) e ON true
                WHERE o.kind = 'pharmacy' ON CONFLICT DO NOTHING;
                ANALYZE price_event
                """
                        .formatted(
                                drug,
                                PHARMACIES,
                                DRUGS,
                                TIMES,
                                county.drug(drug).substitutionSet()));
    }

    @AfterAll
    static void close() {
        county.close();
    }

    private static void run(String sql) {
        // Past the time limit of the service's own statements.
        try (var connection =
                        DriverManager.getConnection(
                                county.address.jdbcUrl(),
                                county.address.user(),
                                county.address.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void tells_among_two_million_prices_within_a_tenth_of_a_second() {
        double with = median();
        run("DROP INDEX price_event_drug");
        double without = median();
        System.out.printf("price-course: %.0f ms, without the index %.0f ms%n", with, without);
        assertThat(with).isLessThan(100);
    }

    private static double median() {
        double[] millis = new double[21];
        for (int i = -5; i < millis.length; i++) {
            long start = System.nanoTime();
            HttpResponse<String> told =
                    county.get(
                            "/Task/" + new UUID(9, 1) + "/$price-course?count=20&days=365",
                            "patient");
            assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
            assertThat(told.body()).contains("\"step\"");
            millis[Math.max(i, 0)] = (System.nanoTime() - start) / 1e6;
        }
        return Arrays.stream(millis).sorted().toArray()[millis.length / 2];
    }
}
