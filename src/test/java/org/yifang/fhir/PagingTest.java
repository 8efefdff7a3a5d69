package org.yifang.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.fhir.rest.RestFixture.NOON;
import static org.yifang.fhir.rest.RestFixture.OURS;
import static org.yifang.fhir.rest.RestFixture.idsOf;
import static org.yifang.fhir.rest.RestFixture.link;
import static org.yifang.fhir.rest.RestFixture.tree;
import static org.yifang.platform.data.Database.SQL;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yifang.fhir.rest.RestFixture;
import org.yifang.fhir.search.RestTables;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

class PagingTest {
    private static RestFixture server;
    private static final List<String> ALL = new ArrayList<>();

    @BeforeAll
    static void open() {
        server = new RestFixture(router -> {});
        UUID patient = server.person("1");
        for (int i = 0; i < 23; i++) {
            // Equal and absent times are what breaks a paging that compares the time alone.
            Instant start = i % 4 == 0 ? null : NOON.plusSeconds(i / 6);
            String status = i % 2 == 0 ? "planned" : "finished";
            ALL.add(server.visit(OURS, patient, status, "t" + i % 5, start).toString());
        }
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static List<String> walk(String query, Runnable between) {
        List<String> seen = new ArrayList<>();
        String at = "/Encounter?" + query;
        for (int page = 0; !at.isEmpty() && page < 50; page++) {
            HttpResponse<String> answer = server.get(at);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode bundle = tree(answer);
            seen.addAll(idsOf(bundle, "match"));
            at = link(bundle, "next");
            between.run();
        }
        return seen;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_count=5",
                "_count=1",
                "_count=23",
                "_count=22",
                "_count=5&_sort=date",
                "_count=5&_sort=-date",
                "_count=3&_sort=status,-date,title",
                "_count=4&_sort=_lastUpdated",
                "_count=4&_sort=-_lastUpdated",
                "_count=4&_sort=_id",
            })
    void every_match_comes_once_in_the_order_of_one_large_page(String query) {
        List<String> whole = walk(query.replaceFirst("_count=\\d+", "_count=200"), () -> {});
        assertThat(whole).containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(walk(query, () -> {})).isEqualTo(whole);
    }

    @Test
    void rows_that_come_and_go_meanwhile_disturb_no_others() {
        RestFixture own = new RestFixture(router -> {});
        try (own) {
            UUID patient = own.person("1");
            List<String> there = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                there.add(own.visit(OURS, patient, "planned", "t", NOON).toString());
            }
            List<String> seen = new ArrayList<>();
            String at = "/Encounter?_count=3";
            while (!at.isEmpty()) {
                JsonNode bundle = tree(own.get(at));
                seen.addAll(idsOf(bundle, "match"));
                at = link(bundle, "next");
                own.visit(OURS, patient, "planned", "new", NOON);
                // Every row seen changes; one of them goes.
                own.database.run(
                        SQL.update(RestTables.VISIT)
                                .set(RestTables.UPDATED, NOON.plusSeconds(seen.size())));
                own.database.run(
                        SQL.deleteFrom(RestTables.VISIT)
                                .where(RestTables.ID.eq(UUID.fromString(seen.getFirst()))));
            }
            assertThat(seen).containsExactlyElementsOf(there.reversed());
        }
    }

    @Test
    void a_page_holds_two_hundred_at_the_most() {
        JsonNode page = tree(server.get("/Encounter?_count=100000"));
        assertThat(idsOf(page, "match")).hasSize(23);
        assertThat(link(page, "self")).contains("_count=100000");
    }

    @Test
    void a_key_serves_only_the_client_and_the_type_it_was_given_for_and_only_unaltered() {
        String next = link(tree(server.get("/Encounter?_count=5")), "next");
        assertThat(server.get(next).statusCode()).isEqualTo(200);
        assertThat(server.get(next, "Authorization", "Bearer hospital/other").statusCode())
                .isEqualTo(400);
        assertThat(server.get(next.replace("/Encounter", "/Patient")).statusCode()).isEqualTo(400);
        String altered = next.substring(0, next.length() - 1) + (next.endsWith("A") ? "Q" : "A");
        assertThat(server.get(altered).statusCode()).isEqualTo(400);
        assertThat(server.get("/Encounter?_page=").statusCode()).isEqualTo(400);
        assertThat(server.get("/Encounter?_page=AAAA").statusCode()).isEqualTo(400);
        assertThat(server.get(next + "&status=planned").statusCode()).isEqualTo(400);
        assertThat(server.get(next + "&_format=xml").body()).startsWith("<Bundle");
    }
}
