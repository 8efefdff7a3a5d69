package org.yifang.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yifang.TestService;
import org.yifang.workflow.Client.Reply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Everything that leaves the service, as each client may see it: each resource once, by itself and
/// as the answer that it came in.
final class Harvest {
    private static final List<String> CLIENTS =
            List.of(
                    "hospital-1",
                    "hospital-2",
                    "reviewer-1",
                    "pharmacy-1",
                    "pharmacy-2",
                    "pharmacy-11",
                    "bureau-1",
                    "auditor-1",
                    "operator-1");

    private final TestService service;
    private final int ofEachType;
    private final Map<String, String> found = new LinkedHashMap<>();
    private final Set<String> searched = new HashSet<>();

    /// @param ofEachType how many resources of a type are taken for each client
    Harvest(TestService service, int ofEachType) {
        this.service = service;
        this.ofEachType = ofEachType;
    }

    /// Every resource with the place where it was met.
    Map<String, String> found() {
        return found;
    }

    void everything() throws IOException, InterruptedException {
        add("metadata", client("hospital-1").get("/fhir/metadata").body());
        operations();
        for (String id : CLIENTS) {
            searches(client(id), id);
        }
        Client patient = new Story(service).patient();
        searches(patient, "patient-app");
        String person = patient.get("/fhir/Patient").body().at("/entry/0/resource/id").asText();
        add("audit-trail", patient.get("/fhir/Patient/" + person + "/$audit-trail").body());
        export("auditor-1", "");
        export("bureau-1", "");
    }

    private Client client(String id) {
        return new Client(service, id);
    }

    /// What every operation with a body answers, and those that only read.
    private void operations() {
        new ValidCalls(service)
                .all()
                .forEach((name, make) -> {
                    ValidCalls.Call call = make.get();
                    Reply reply = call.send(call.body().toString());
                    add(name, reply.body());
                    add(name + " refused", call.send("{\"resourceType\":\"List\"}").body());
                });
        for (String measure : List.of("queue-time-reduction", "drug-price-change")) {
            String path = "/fhir/Measure/" + measure;
            add(measure, client("bureau-1").get(path + "/$plans").body());
            LocalDate today = LocalDate.now(java.time.ZoneId.of("Asia/Shanghai"));
            add(
                    measure + " evaluated",
                    client("bureau-1")
                            .get(
                                    path
                                            + "/$evaluate-measure?periodStart="
                                            + today.minusDays(60)
                                            + "&periodEnd="
                                            + today.minusDays(1)
                                            + "&baselineStart="
                                            + today.minusDays(400)
                                            + "&baselineEnd="
                                            + today.minusDays(61))
                            .body());
        }
        for (String read : List.of("held-prices", "swaps", "price-savings", "queue-quality")) {
            add(read, client("bureau-1").get("/fhir/$" + read).body());
        }
    }

    private void searches(Client who, String id) throws IOException {
        JsonNode statement = who.get("/fhir/metadata").body();
        for (JsonNode type : statement.at("/rest/0/resource")) {
            String name = type.path("type").asText();
            if (type.path("interaction").toString().contains("search-type")) {
                search(who, id, name);
            }
        }
    }

    private void search(Client who, String id, String type) throws IOException {
        String next = "/fhir/" + type + "?_count=" + Math.min(ofEachType, 100);
        for (int seen = 0; next != null && seen < ofEachType; ) {
            Reply page = who.get(next);
            if (page.status() != 200) {
                return;
            }
            JsonNode entries = page.body().path("entry");
            if (searched.add(type)) {
                add(type + " searched by " + id, shortened(page.body()));
            }
            for (JsonNode entry : entries) {
                add(type + " for " + id, entry.path("resource"));
            }
            if (!entries.isEmpty()) {
                history(who, type, entries.get(0).at("/resource/id").asText());
            }
            seen += entries.size();
            next = null;
            for (JsonNode link : page.body().path("link")) {
                if (link.path("relation").asText().equals("next")) {
                    next = path(link.path("url").asText());
                }
            }
        }
    }

    private void history(Client who, String type, String id) {
        if (searched.add(type + " history")) {
            Reply reply = who.get("/fhir/" + type + '/' + id + "/_history");
            if (reply.status() == 200) {
                add(type + " history", reply.body());
            }
        }
    }

    /// A page with its first entries, whose others are looked at one by one.
    private static JsonNode shortened(JsonNode page) {
        ObjectNode copy = page.deepCopy();
        while (copy.path("entry").size() > 3) {
            ((com.fasterxml.jackson.databind.node.ArrayNode) copy.path("entry")).remove(3);
        }
        return copy;
    }

    private static String path(String url) {
        URI uri = URI.create(url);
        return uri.getPath() + '?' + uri.getRawQuery();
    }

    private void export(String id, String query) throws IOException, InterruptedException {
        Client who = client(id);
        Reply kickOff =
                Client.send(
                        who.request("/fhir/$export" + query)
                                .header("Prefer", "respond-async")
                                .header("Accept", "application/fhir+json")
                                .GET());
        String status = path(kickOff.raw().headers().firstValue("Content-Location").orElseThrow());
        Reply done = who.get(status);
        while (done.status() == 202) {
            Thread.sleep(100);
            done = who.get(status);
        }
        Map<String, Integer> taken = new LinkedHashMap<>();
        for (JsonNode output : done.body().path("output")) {
            String type = output.path("type").asText();
            for (String line :
                    who.get(path(output.path("url").asText())).raw().body().lines().toList()) {
                if (taken.merge(type, 1, Integer::sum) <= ofEachType) {
                    add(type + " exported for " + id, Client.JSON.readTree(line));
                }
            }
        }
    }

    private void add(String place, JsonNode resource) {
        if (resource.has("resourceType")) {
            found.putIfAbsent(resource.toString(), place + ' ' + resource.path("id").asText());
        }
    }

    /// How many of each type were met.
    Map<String, Integer> types() {
        Map<String, Integer> types = new LinkedHashMap<>();
        List<String> all = new ArrayList<>(found.keySet());
        for (String one : all) {
            try {
                String type = Client.JSON.readTree(one).path("resourceType").asText();
                types.merge(type, 1, Integer::sum);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
        return types;
    }
}
