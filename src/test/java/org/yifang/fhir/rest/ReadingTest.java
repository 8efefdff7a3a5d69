package org.yifang.fhir.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.yifang.fhir.rest.RestFixture.NOON;
import static org.yifang.fhir.rest.RestFixture.OURS;
import static org.yifang.fhir.rest.RestFixture.stream;
import static org.yifang.fhir.rest.RestFixture.tree;
import static org.yifang.platform.data.Database.SQL;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yifang.fhir.Conformance;
import org.yifang.fhir.search.RestTables;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.GZIPInputStream;

class ReadingTest {
    private static RestFixture server;
    private static UUID patient;
    private static UUID visit;

    @BeforeAll
    static void open() {
        server = new RestFixture(router -> router.mount(Conformance.load()));
        patient = server.person("420101");
        visit = server.visit(OURS, patient, "planned", "check-up", NOON);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.audited.clear();
    }

    private static String stored(UUID id, String status) {
        return new String(RestTables.json(id, 1, status), StandardCharsets.UTF_8);
    }

    @Test
    void a_read_answers_the_stored_bytes_with_version_and_time_and_is_audited_first() {
        HttpResponse<String> answer = server.get("/Encounter/" + visit);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(stored(visit, "planned"));
        assertThat(answer.headers().firstValue("ETag")).hasValue("W/\"1\"");
        assertThat(answer.headers().firstValue("Last-Modified"))
                .hasValue("Sun, 01 Mar 2026 04:00:00 GMT");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(server.audited).hasSize(1);
        Access access = server.audited.getFirst();
        assertThat(access.interaction()).isEqualTo("read");
        assertThat(access.name()).isEqualTo("Encounter");
        assertThat(access.act()).isEqualTo('R');
        assertThat(access.problem()).isNull();
        assertThat(access.patients()).containsExactly(patient);
        assertThat(access.entities()).containsExactly("Encounter/" + visit);
    }

    @Test
    void a_caller_who_has_this_version_gets_304() {
        String path = "/Encounter/" + visit;
        assertThat(server.get(path, "If-None-Match", "W/\"1\"").statusCode()).isEqualTo(304);
        assertThat(server.get(path, "If-None-Match", "W/\"2\", \"1\"").statusCode()).isEqualTo(304);
        assertThat(server.get(path, "If-None-Match", "W/\"2\"").statusCode()).isEqualTo(200);
        String modified = "Sun, 01 Mar 2026 04:00:00 GMT";
        assertThat(server.get(path, "If-Modified-Since", modified).statusCode()).isEqualTo(304);
        String before = "Sun, 01 Mar 2026 03:59:59 GMT";
        assertThat(server.get(path, "If-Modified-Since", before).statusCode()).isEqualTo(200);
        assertThat(server.get(path, "If-Modified-Since", "yesterday").statusCode()).isEqualTo(200);
    }

    @Test
    void head_answers_as_get_without_the_body() {
        HttpResponse<String> answer = server.send("HEAD", "/Encounter/" + visit, null);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("ETag")).hasValue("W/\"1\"");
        assertThat(server.audited).hasSize(1);
        assertThat(server.send("HEAD", "/Nothing", null).statusCode()).isEqualTo(404);
        // The connection still works.
        assertThat(server.get("/Encounter/" + visit).statusCode()).isEqualTo(200);
    }

    @Test
    void xml_pretty_summary_and_elements_are_written_anew() {
        String path = "/Encounter/" + visit;
        HttpResponse<String> xml = server.get(path, "Accept", "application/xml;q=0.9,text/turtle");
        assertThat(xml.body()).startsWith("<Encounter xmlns=\"http://hl7.org/fhir\">");
        assertThat(xml.headers().firstValue("Content-Type"))
                .hasValue("application/xml;charset=utf-8");
        assertThat(server.get(path + "?_format=xml").body()).startsWith("<Encounter");
        assertThat(server.get(path + "?_pretty=true").body()).contains("\n  \"id\"");
        JsonNode summary = tree(server.get(path + "?_summary=true"));
        assertThat(summary.has("text")).isFalse();
        assertThat(summary.at("/meta/tag/0/code").asText()).isEqualTo("SUBSETTED");
        assertThat(tree(server.get(path + "?_summary=data")).has("text")).isFalse();
        JsonNode text = tree(server.get(path + "?_summary=text"));
        assertThat(text.has("text")).isTrue();
        assertThat(text.has("length")).isFalse();
        JsonNode elements = tree(server.get(path + "?_elements=length"));
        assertThat(elements.has("length")).isTrue();
        assertThat(elements.has("text")).isFalse();
        assertThat(elements.at("/status").asText()).as("mandatory").isEqualTo("planned");
        assertThat(server.get(path + "?_summary=all").statusCode()).isEqualTo(400);
    }

    @Test
    void former_versions_are_read_and_listed() {
        UUID changed = server.visit(OURS, patient, "planned", "x", NOON);
        server.past(changed, 2, RestTables.json(changed, 2, "finished"));
        HttpResponse<String> first = server.get("/Encounter/" + changed + "/_history/1");
        assertThat(tree(first).at("/status").asText()).isEqualTo("planned");
        HttpResponse<String> second = server.get("/Encounter/" + changed + "/_history/2");
        assertThat(second.headers().firstValue("ETag")).hasValue("W/\"2\"");
        assertThat(server.get("/Encounter/" + changed + "/_history/3").statusCode()).isEqualTo(404);
        assertThat(server.get("/Encounter/" + changed + "/_history/x").statusCode()).isEqualTo(404);
        JsonNode all = tree(server.get("/Encounter/" + changed + "/_history"));
        assertThat(all.at("/type").asText()).isEqualTo("history");
        assertThat(all.at("/total").asInt()).isEqualTo(2);
        assertThat(all.at("/entry/0/response/etag").asText()).isEqualTo("W/\"2\"");
        assertThat(all.at("/entry/1/request/method").asText()).isEqualTo("POST");
        assertThat(server.get("/Patient/" + patient + "/_history").statusCode()).isEqualTo(404);
    }

    @Test
    void metadata_is_open_and_lists_what_is_mounted() {
        HttpRequest open = HttpRequest.newBuilder(URI.create(server.base + "/metadata")).build();
        JsonNode statement = tree(send(open));
        assertThat(statement.at("/fhirVersion").asText()).isEqualTo("4.0.1");
        JsonNode encounter =
                stream(statement.at("/rest/0/resource"))
                        .filter(resource -> resource.at("/type").asText().equals("Encounter"))
                        .findFirst()
                        .orElseThrow();
        assertThat(encounter.at("/interaction").findValuesAsText("code"))
                .containsExactly("read", "vread", "history-instance", "search-type");
        assertThat(encounter.at("/searchParam").findValuesAsText("definition"))
                .contains(
                        "http://hl7.org/fhir/SearchParameter/Resource-id",
                        "http://hl7.org/fhir/SearchParameter/Encounter-status",
                        "http://hl7.org/fhir/SearchParameter/clinical-patient");
        // SMART's `oauth-uris` demands an `authorize`, which there is not.
        assertThat(statement.at("/rest/0/security/description").asText())
                .contains("/.well-known/smart-configuration");
        assertThat(statement.at("/rest/0/security/extension").isMissingNode()).isTrue();
        assertThat(server.get("/metadata", "Accept", "application/fhir+xml").body())
                .startsWith("<CapabilityStatement");
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return server.http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void conformance_resources_are_found_by_url_and_id_by_every_role() {
        String url = "https://yifang.org/fhir/CodeSystem/problem";
        String bureau = "Bearer bureau";
        JsonNode found = tree(server.get("/CodeSystem?url=" + url, "Authorization", bureau));
        assertThat(found.at("/total").asInt()).isEqualTo(1);
        String id = found.at("/entry/0/resource/id").asText();
        assertThat(server.get("/CodeSystem/" + id, "Authorization", bureau).statusCode())
                .isEqualTo(200);
        assertThat(tree(server.get("/CodeSystem?url=urn:none")).at("/total").asInt()).isZero();
        JsonNode page = tree(server.get("/CodeSystem?_count=1"));
        JsonNode next = tree(server.get(RestFixture.link(page, "next")));
        assertThat(next.at("/entry/0/resource/id").asText())
                .isGreaterThan(page.at("/entry/0/resource/id").asText());
    }

    @Test
    void a_long_answer_is_compressed_for_who_takes_gzip() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.base + "/metadata"))
                        .header("Accept-Encoding", "gzip")
                        .build();
        HttpResponse<byte[]> answer =
                server.http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (GZIPInputStream in =
                new GZIPInputStream(new java.io.ByteArrayInputStream(answer.body()))) {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            in.transferTo(plain);
            assertThat(plain.toString(StandardCharsets.UTF_8)).contains("CapabilityStatement");
        }
    }

    @Test
    void one_connection_serves_one_request_after_the_other() throws IOException {
        try (Socket socket = new Socket("localhost", server.port())) {
            String one =
                    "GET /fhir/Encounter/"
                            + visit
                            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + "hospital\r\n\r\n";
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(one.getBytes(StandardCharsets.US_ASCII));
                StringBuilder seen = new StringBuilder();
                while (!seen.toString().endsWith("\"length\":{\"value\":5}}")) {
                    seen.append((char) socket.getInputStream().read());
                }
                assertThat(seen.toString()).startsWith("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void a_row_that_changes_its_owner_is_gone_for_the_former_one() {
        UUID moved = server.visit(OURS, patient, "planned", "x", NOON);
        assertThat(server.get("/Encounter/" + moved).statusCode()).isEqualTo(200);
        server.database.run(
                SQL.update(RestTables.VISIT)
                        .set(RestTables.OWNER, RestFixture.THEIRS)
                        .where(RestTables.ID.eq(moved)));
        assertThat(server.get("/Encounter/" + moved).statusCode()).isEqualTo(404);
    }
}
