package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The CapabilityStatement, walked: each interaction that it claims is called, and what it does not
/// claim is not there.
class StatementTest {
    private static final String NOBODYS = "00000000-0000-7000-8000-000000000001";

    private static TestService service;
    private static List<Client> clients;
    private static JsonNode rest;

    private final List<String> wrong = new ArrayList<>();
    private final Set<String> read = new TreeSet<>();

    @BeforeAll
    static void serve() {
        service = TestService.own(Map.of());
        Story story = new Story(service);
        Story.Rx rx = story.prescribed();
        story.claim(story.pharmacy, rx);
        clients = new ArrayList<>();
        clients.add(story.patient());
        for (String id :
                List.of(
                        "hospital-1",
                        "pharmacy-1",
                        "bureau-1",
                        "auditor-1",
                        "operator-1",
                        "reviewer-1")) {
            clients.add(new Client(service, id));
        }
        rest = clients.get(1).get("/fhir/metadata").body().at("/rest/0");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Set<String> codes(JsonNode of) {
        Set<String> codes = new TreeSet<>();
        of.path("interaction").forEach(one -> codes.add(one.path("code").asText()));
        return codes;
    }

    private static String allowed(String path) {
        Reply options =
                Client.send(
                        HttpRequest.newBuilder(URI.create(service.url() + path))
                                .method("OPTIONS", BodyPublishers.noBody()));
        return options.status() == 204
                ? options.raw().headers().firstValue("Allow").orElse("")
                : "";
    }

    private void check(boolean right, String what) {
        if (!right) {
            wrong.add(what);
        }
    }

    /// What somebody is answered who may.
    private Reply asked(String path) {
        Reply last = null;
        for (Client one : clients) {
            last = one.get(path);
            check(last.status() < 500, path + ": " + last.status());
            if (last.status() == 200) {
                return last;
            }
        }
        return java.util.Objects.requireNonNull(last);
    }

    @Test
    void what_is_claimed_is_there_and_nothing_else() {
        for (JsonNode resource : rest.path("resource")) {
            String type = resource.path("type").asText();
            Set<String> claimed = codes(resource);
            String at = "/fhir/" + type;
            String one = at + "/" + NOBODYS;
            same(claimed, "search-type", at, "GET");
            same(claimed, "create", at, "POST");
            same(claimed, "read", one, "GET");
            same(claimed, "update", one, "PUT");
            same(claimed, "patch", one, "PATCH");
            same(claimed, "history-instance", one + "/_history", "GET");
            same(claimed, "vread", one + "/_history/1", "GET");
            same(claimed, "delete", one, "DELETE");
            check(!claimed.contains("history-type"), type + ": history-type");
            boolean versioned = resource.path("versioning").asText().equals("versioned");
            check(!versioned || claimed.contains("vread"), type + ": versioned");
            check(
                    resource.path("readHistory").asBoolean() == claimed.contains("vread"),
                    type + ": readHistory");
            if (claimed.contains("search-type")) {
                walk(resource, claimed, at);
            }
            if (claimed.contains("create")) {
                conditional(resource, at);
            }
            for (JsonNode operation : resource.path("operation")) {
                String name = "/$" + operation.path("name").asText();
                check(
                        allowed(at + name).contains("POST") || allowed(one + name).contains("POST"),
                        type + name);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(read).contains("Task", "Patient", "Bundle", "Organization", "CodeSystem");
        System.out.println("read, conditionally and by version: " + read);
    }

    private void same(Set<String> claimed, String code, String path, String method) {
        List<String> methods = List.of(allowed(path).split(", ", -1));
        check(claimed.contains(code) == methods.contains(method), path + " " + code + methods);
    }

    /// Reads what a search finds.
    private void walk(JsonNode resource, Set<String> claimed, String at) {
        Reply found = asked(at + "?_count=1");
        check(found.status() == 200, at + " search: " + found.status());
        JsonNode first = found.body().at("/entry/0/resource");
        if (first.isMissingNode()) {
            return;
        }
        String one = at + "/" + first.path("id").asText();
        Reply whole = asked(one);
        check(whole.status() == 200, one + " read: " + whole.status());
        String tag = whole.raw().headers().firstValue("ETag").orElse("");
        for (Client client : clients) {
            if (resource.path("conditionalRead").asText().equals("full-support")
                    && client.get(one).status() == 200) {
                Reply known = Client.send(client.request(one).header("If-None-Match", tag));
                check(known.status() == 304, one + " conditional read: " + known.status());
                break;
            }
        }
        if (claimed.contains("vread")) {
            String version = tag.replaceAll("\\D", "");
            check(asked(one + "/_history/" + version).status() == 200, one + " vread");
            check(asked(one + "/_history").status() == 200, one + " history");
        }
        read.add(resource.path("type").asText());
    }

    /// Tells a create that is conditional from one that is not.
    private void conditional(JsonNode resource, String at) {
        String type = resource.path("type").asText();
        for (Client client : clients) {
            Reply reply =
                    Client.send(
                            client.request(at)
                                    .header("Content-Type", "application/fhir+json")
                                    .header("If-None-Exist", "identifier=urn:example:x|1")
                                    .POST(
                                            BodyPublishers.ofString(
                                                    "{\"resourceType\":\"" + type + "\"}")));
            if (reply.status() != 403) {
                boolean refused =
                        reply.code().equals("RX-1404") && reply.raw().body().contains("不支持有条件新建");
                check(
                        resource.path("conditionalCreate").asBoolean() != refused,
                        at + " If-None-Exist: " + reply.raw().body());
                check(reply.status() >= 400 && reply.status() < 500, at + reply.status());
                return;
            }
        }
        wrong.add(type + " is created by nobody");
    }

    @Test
    void the_system_does_what_it_claims() {
        assertThat(codes(rest)).containsExactly("batch", "transaction");
        for (String type : codes(rest)) {
            Reply reply =
                    clients.get(1)
                            .post(
                                    "/fhir",
                                    "{\"resourceType\":\"Bundle\",\"type\":\"" + type + "\"}");
            assertThat(reply.status()).as(reply.raw().body()).isEqualTo(200);
            assertThat(reply.body().path("type").asText()).isEqualTo(type + "-response");
        }
        for (JsonNode operation : rest.path("operation")) {
            String path = "/fhir/$" + operation.path("name").asText();
            assertThat(allowed(path)).as(path).contains("POST");
        }
        assertThat(clients.get(1).get("/fhir/metadata").body().path("patchFormat").toString())
                .contains("application/json-patch+json");
    }
}
