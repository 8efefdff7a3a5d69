package org.yifang.console.bureau;

import static org.yifang.console.Screens.parameter;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.console.Contract;
import org.yifang.console.Page;
import org.yifang.console.Screens;
import org.yifang.console.Table;
import org.yifang.console.Trouble;
import org.yifang.platform.Caller;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// `/bureau`: the two questions with their answers, and the boards behind them.
public final class BureauPage {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private final Contract contract;
    private final InstantSource clock;

    /// A question with its answer.
    public record Asked(
            String measure,
            String title,
            String test,
            String page,
            @Nullable Report report,
            List<Trouble> troubles,
            List<String[]> plans,
            Map<String, String> values) {
        /// What was asked, in words.
        public String asked(Page page) {
            String plan = value("plan");
            return plan.isEmpty()
                    ? page.t("基期 ", "Baseline ")
                            + value("baselineStart")
                            + " – "
                            + value("baselineEnd")
                            + page.t("，评估期 ", ", period ")
                            + value("periodStart")
                            + " – "
                            + value("periodEnd")
                    : page.t("已登记方案 ", "Registered plan ")
                            + plans.stream()
                                    .filter(one -> one[0].equals(plan))
                                    .map(one -> one[1])
                                    .findFirst()
                                    .orElse(plan);
        }

        public String query() {
            return values.entrySet().stream()
                    .map(one -> one.getKey() + "=" + one.getValue())
                    .collect(Collectors.joining("&"));
        }

        public String value(String name) {
            return values.getOrDefault(name, "");
        }
    }

    /// A registered plan.
    public record PlanRow(
            String title,
            String goal,
            String baseline,
            String period,
            String registered,
            String hash,
            String verdict,
            String sentence) {}

    public BureauPage(Contract contract, InstantSource clock) {
        this.contract = contract;
        this.clock = clock;
    }

    /// Behind its guard.
    public void mount(Router router) {
        router.get("/bureau").handler(this::both);
        router.get("/bureau/prices").handler(http -> board(http, Question.PRICES));
        router.get("/bureau/queues").handler(http -> board(http, Question.QUEUES));
        router.get("/bureau/quality").handler(this::quality);
        router.get("/bureau/report.csv").handler(http -> file(http, "text/csv"));
        router.get("/bureau/report.json").handler(http -> file(http, "application/fhir+json"));
    }

    private Page page(RoutingContext http, String path) {
        return Page.of(http, path, clock.instant());
    }

    private void both(RoutingContext http) {
        Page page = page(http, "/bureau");
        Map<String, Object> values = new HashMap<>();
        values.put(
                "asked",
                List.of(asked(http, page, Question.QUEUES), asked(http, page, Question.PRICES)));
        Screens.send(http, page, 200, "bureau/bureau.jte", values);
    }

    private Asked asked(RoutingContext http, Page page, String measure) {
        Caller caller = Contract.caller(http, page);
        boolean queues = measure.equals(Question.QUEUES);
        List<JsonNode> plans = plans(caller, measure);
        Question question = Question.of(http, measure, plans, page.at());
        Contract.Reply reply = contract.get(caller, question.path());
        return new Asked(
                measure,
                queues
                        ? page.t("排队时间缩短 50% 了吗？", "Are queues 50 % shorter?")
                        : page.t("药价下降 10% 了吗？", "Are drugs 10 % cheaper?"),
                queues ? "queue-verdict" : "price-verdict",
                queues ? "/bureau/queues" : "/bureau/prices",
                reply.isDone() ? Report.of(reply.json(), page.en()) : null,
                reply.troubles(),
                plans.stream()
                        .map(plan ->
                                new String[] {
                                    plan.path("id").asText(), plan.path("title").asText()
                                })
                        .toList(),
                question.values());
    }

    List<JsonNode> plans(Caller caller, String measure) {
        return contract.get(caller, "/Measure/" + measure + "/$plans").entries().stream()
                .filter(one -> one.path("resourceType").asText().equals("Measure"))
                .toList();
    }

    private void board(RoutingContext http, String measure) {
        boolean prices = measure.equals(Question.PRICES);
        Page page = page(http, prices ? "/bureau/prices" : "/bureau/queues");
        Caller caller = Contract.caller(http, page);
        Asked asked = asked(http, page, measure);
        Map<String, Object> values = new HashMap<>();
        values.put("one", asked);
        values.put("figures", figures(caller, new Question(measure, asked.values())));
        values.put("beside", prices ? prices(caller, page, asked) : List.of());
        Screens.send(http, page, 200, "bureau/board.jte", values);
    }

    /// The tables of the report, as its CSV tells them: each begins with a line `# its name`.
    private List<Table> figures(Caller caller, Question question) {
        Contract.Reply csv = contract.get(caller, question.path(), "text/csv");
        if (!csv.isDone() || !csv.mediaType().startsWith("text/csv")) {
            return List.of();
        }
        return CsvTables.of(new String(csv.bytes(), java.nio.charset.StandardCharsets.UTF_8));
    }

    private List<Table> prices(Caller caller, Page page, Asked asked) {
        LocalDate today = LocalDate.ofInstant(page.at(), SHANGHAI);
        String from = asked.values().getOrDefault("periodStart", today.minusMonths(3).toString());
        String to = asked.values().getOrDefault("periodEnd", today.toString());
        JsonNode savings =
                contract.get(
                                caller,
                                "/$price-savings?count=50&periodStart=" + from + "&periodEnd=" + to)
                        .json();
        JsonNode honoured = contract.get(caller, "/$honoured-prices").json();
        return List.of(
                Table.of(
                        page.t("可能节省（对第 10 百分位单价）", "Possible savings, against the tenth centile"),
                        savings,
                        "saving"),
                Table.of(page.t("价格兑现率", "Prices honoured"), honoured, "pharmacy"),
                Table.of(page.t("收费高于所示价格", "Charged above what was shown"), honoured, "breach"));
    }

    private void quality(RoutingContext http) {
        Page page = page(http, "/bureau/quality");
        Caller caller = Contract.caller(http, page);
        LocalDate today = LocalDate.ofInstant(page.at(), SHANGHAI);
        String from = orElse(parameter(http, "from"), today.minusDays(30).toString());
        String to = orElse(parameter(http, "to"), today.toString());
        Contract.Reply reply =
                contract.get(caller, "/$queue-quality?periodStart=" + from + "&periodEnd=" + to);
        Map<String, Object> values = new HashMap<>();
        values.put("title", page.t("数据质量", "Data quality"));
        values.put(
                "says",
                page.t(
                        "每个来源：缺失的开始与结束、自动关闭、时钟偏差、迟报与重复，以及 Little 定律缺口。",
                        "Each source: starts and ends missing, closed by itself, clock skew, "
                                + "late and"
                                + " repeated events, and the gap by Little's law."));
        values.put("troubles", reply.troubles());
        values.put("tables", List.of(Table.of(page.t("来源", "Sources"), reply.json(), "source")));
        values.put("from", from);
        values.put("to", to);
        Screens.send(http, page, 200, "bureau/tables.jte", values);
    }

    private static String orElse(String value, String other) {
        return value.isEmpty() ? other : value;
    }

    private void file(RoutingContext http, String type) {
        Page page = page(http, "/bureau");
        Caller caller = Contract.caller(http, page);
        String measure = parameter(http, "measure");
        if (!Arrays.asList(Question.PRICES, Question.QUEUES).contains(measure)) {
            http.fail(404);
            return;
        }
        Question question = Question.of(http, measure, List.of(), now());
        Contract.Reply reply = contract.get(caller, question.path(), type);
        http.response()
                .setStatusCode(reply.status())
                .putHeader("Content-Type", reply.mediaType())
                .putHeader("Cache-Control", "no-store")
                .putHeader(
                        "Content-Disposition",
                        "attachment; filename=\""
                                + measure
                                + (type.equals("text/csv") ? ".csv" : ".json")
                                + '"')
                .end(Buffer.buffer(reply.bytes()));
    }

    private Instant now() {
        return clock.instant();
    }

    /// The last results of plans, as the list shows them.
    static List<PlanRow> rows(List<JsonNode> plans, boolean english) {
        List<PlanRow> rows = new ArrayList<>();
        for (JsonNode plan : plans) {
            JsonNode result = Question.result(plan);
            rows.add(
                    new PlanRow(
                            plan.path("title").asText(),
                            org.yifang.console.Read.extension(
                                            org.yifang.console.Read.extension(plan, "plan"), "goal")
                                    .path("valueCode")
                                    .asText(),
                            Question.term(plan, "baseline"),
                            Question.term(plan, "period"),
                            Question.term(plan, "registered"),
                            Question.term(plan, "sha-256"),
                            org.yifang.console.Read.extension(result, "verdict")
                                    .path("valueCode")
                                    .asText(),
                            org.yifang.console.Read.extension(result, "sentence")
                                    .path("valueString")
                                    .asText()));
        }
        return rows;
    }
}
