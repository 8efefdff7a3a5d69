package org.yifang.console.auditor;

import static org.yifang.console.frame.Screens.field;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Directory;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Table;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.Caller;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `/auditor`: search, ready questions, who looked at a person, unmasking with a reason, exports;
/// each event with its proof, which the browser checks.
public final class AuditorPage {
    private static final int LISTED_MOST = 25;
    private static final String OLDER = "yifang.console.older";

    /// Only what was asked of the service, not what it notes of its own data beside it.
    private static final String ACTS = "acts";

    private static final String IDENTITY_CARD = "urn:oid:2.16.156.10011.1.3";

    /// What the search takes beside a person, by its field.
    private static final List<String> FIELDS =
            List.of(
                    "date-from",
                    "date-to",
                    "action",
                    "outcome",
                    "organization",
                    "altid",
                    "subtype",
                    "entity");

    /// An event in the list.
    ///
    /// @param outcome FHIR's code: `0` done, `4` refused, `8` failed
    public record Row(
            String id,
            String at,
            String client,
            String organization,
            String role,
            String person,
            String what,
            String outcome,
            String problem,
            String change,
            List<String> entities) {}

    private final Contract contract;
    private final Directory directory;
    private final InstantSource clock;

    public AuditorPage(Contract contract, InstantSource clock) {
        this.contract = contract;
        this.directory = new Directory(contract);
        this.clock = clock;
    }

    /// Behind its guard.
    public void mount(Router router) {
        router.get("/auditor").handler(this::newest);
        router.post("/auditor").handler(this::search);
        router.post("/auditor/question").handler(this::question);
        router.post("/auditor/unmask").handler(this::unmask);
    }

    private Page page(RoutingContext http) {
        return Page.of(http, "/auditor", clock.instant());
    }

    private void newest(RoutingContext http) {
        Page page = page(http);
        Contract.Reply found =
                contract.get(
                        Contract.caller(http, page),
                        "/AuditEvent?_sort=-date&_count=" + LISTED_MOST);
        list(http, page, found);
    }

    private void list(RoutingContext http, Page page, Contract.Reply found) {
        http.put(OLDER, found.nextPage());
        show(http, page, found.status(), found.troubles(), "", rows(http, page, found.entries()));
    }

    /// By POST always: what was searched for stands in no address.
    private void search(RoutingContext http) {
        Page page = page(http);
        Contract.Reply found =
                contract.search(Contract.caller(http, page), "AuditEvent", form(http));
        list(http, page, found);
    }

    private static String form(RoutingContext http) {
        String older = field(http, "older");
        if (!older.isEmpty()) {
            return "_page=" + encoded(older);
        }
        StringBuilder form = new StringBuilder("_sort=-date&_count=" + LISTED_MOST);
        for (String name : FIELDS) {
            String value = field(http, name);
            if (value.isEmpty()) {
                continue;
            }
            switch (name) {
                case "date-from" -> form.append("&date=ge").append(encoded(value));
                case "date-to" -> form.append("&date=le").append(encoded(value));
                default -> form.append('&').append(name).append('=').append(encoded(value));
            }
        }
        if (field(http, ACTS).equals("true")) {
            form.append("&subtype:not=changes");
        }
        String person = field(http, "person");
        if (person.matches("[0-9a-fA-F-]{36}")) {
            form.append("&patient=").append(encoded(person));
        } else if (!person.isEmpty()) {
            form.append("&patient:identifier=").append(encoded(IDENTITY_CARD + "|" + person));
        }
        return form.toString();
    }

    private void question(RoutingContext http) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        Parameters parameters = new Parameters().code("question", field(http, "question"));
        instant(
                parameters,
                "start",
                field(http, "from"),
                page.at().minus(java.time.Duration.ofDays(31)));
        instant(parameters, "end", field(http, "to"), page.at());
        Contract.Reply told = contract.post(caller, "/AuditEvent/$question", parameters.json());
        List<Table> tables =
                List.of(
                        Table.of(
                                        page,
                                        Deeds.question(
                                                page,
                                                field(http, "question"),
                                                Parameters.find(told.json(), "definition")
                                                        .path("valueString")
                                                        .asText()),
                                        told.json(),
                                        "row",
                                        Read::whole)
                                .named(Deeds.all(page)));
        show(
                http,
                page,
                told.status(),
                told.troubles(),
                "",
                List.of(),
                told.isDone() ? tables : List.of());
    }

    private static void instant(
            Parameters parameters, String name, String day, java.time.Instant otherwise) {
        String value =
                day.matches("\\d{4}-\\d{2}-\\d{2}")
                        ? day + "T00:00:00+08:00"
                        : otherwise.toString();
        parameters.instant(name, value);
    }

    private void unmask(RoutingContext http) {
        Page page = page(http);
        Caller caller = Contract.caller(http, page);
        Contract.Reply told =
                contract.post(
                        caller,
                        "/Patient/" + plain(field(http, "patient")) + "/$unmask",
                        new Parameters().concept("reason", "", field(http, "reason")).json());
        String said =
                told.isDone()
                        ? page.t("已解除遮蔽 15 分钟，并已记录：", "Unmasked for 15 minutes, and recorded: ")
                                + told.json().at("/name/0/text").asText()
                        : "";
        show(http, page, told.status(), told.troubles(), said, List.of());
    }

    private void show(
            RoutingContext http,
            Page page,
            int status,
            List<Trouble> troubles,
            String said,
            List<Row> rows) {
        show(http, page, status, troubles, said, rows, List.of());
    }

    private void show(
            RoutingContext http,
            Page page,
            int status,
            List<Trouble> troubles,
            String said,
            List<Row> rows,
            List<Table> tables) {
        Map<String, Object> values = new HashMap<>();
        values.put("tables", tables);
        Map<String, String> asked = new HashMap<>();
        asked.put(ACTS, field(http, ACTS));
        FIELDS.forEach(name -> asked.put(name, field(http, name)));
        values.put("asked", asked);
        values.put("troubles", troubles);
        values.put("said", said);
        values.put("rows", rows);
        String older = http.get(OLDER);
        values.put("older", older == null ? "" : older);
        Screens.send(http, page, status, "auditor/auditor.jte", values);
    }

    private List<Row> rows(RoutingContext http, Page page, List<JsonNode> entries) {
        List<Row> rows = new ArrayList<>();
        Map<String, String> names =
                directory.namesByNumber(
                        Contract.caller(http, page),
                        entries.stream().map(AuditorPage::organization).toList());
        for (JsonNode event : entries) {
            if (event.path("resourceType").asText().equals("AuditEvent")) {
                rows.add(row(page, (ObjectNode) event, names));
            }
        }
        return rows;
    }

    private static String organization(JsonNode event) {
        return event.at("/agent/0/who/identifier/value").asText();
    }

    private static Row row(Page page, ObjectNode event, Map<String, String> names) {
        String person = event.at("/agent/2/name").asText(event.at("/agent/2/altId").asText());
        List<String> entities = new ArrayList<>();
        String change = "";
        for (JsonNode entity : event.path("entity")) {
            String reference = entity.at("/what/reference").asText();
            if (!reference.isEmpty()) {
                entities.add(reference);
            }
            for (JsonNode detail : entity.path("detail")) {
                change =
                        detail.path("type").asText().equals("change")
                                ? detail.path("valueString").asText()
                                : change;
            }
        }
        return new Row(
                event.path("id").asText(),
                Read.whole(event.path("recorded")),
                event.at("/agent/0/altId")
                        .asText(page.t("本服务", "the service itself"))
                        .replaceFirst("^person:", ""),
                names.getOrDefault(organization(event), organization(event)),
                event.at("/agent/0/role/0/coding/0/code").asText(),
                person,
                Deeds.words(page, event) + Deeds.ledger(page, change),
                event.path("outcome").asText(),
                event.path("outcomeDesc").asText(),
                change,
                entities);
    }

    private static String plain(String id) {
        return id.replaceAll("[^A-Za-z0-9.-]", "");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
