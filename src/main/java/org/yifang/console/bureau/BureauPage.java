package org.yifang.console.bureau;

import static org.yifang.console.frame.Screens.parameter;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Directory;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Table;
import org.yifang.platform.Caller;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `/bureau`: the two questions with their answers, and the boards behind them.
public final class BureauPage {
    private static final Pattern REFERRED = Pattern.compile("\"Organization/([0-9a-f-]{36})\"");

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private static final int BUSY = 503;
    private static final int TOO_MANY = 429;

    /// How long a page waits for an answer that is most often there already.
    private static final Duration GLANCE = Duration.ofMillis(60);

    /// How long who asked just now waits before progress is shown instead.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Contract contract;
    private final Directory directory;
    private final InstantSource clock;
    private final Evaluations evaluations;

    public BureauPage(Contract contract, InstantSource clock) {
        this.contract = contract;
        this.directory = new Directory(contract);
        this.clock = clock;
        this.evaluations = new Evaluations(contract, clock);
    }

    /// Behind its guard.
    public void mount(Router router) {
        router.get("/bureau").handler(this::both);
        router.get("/bureau/answer").handler(this::answer);
        router.get("/bureau/figure.csv").handler(this::figure);
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

    /// The answer alone, while it is being evaluated or once it is there.
    private void answer(RoutingContext http) {
        Page page = page(http, "/bureau");
        String measure =
                parameter(http, "measure").equals(Question.PRICES)
                        ? Question.PRICES
                        : Question.QUEUES;
        Map<String, Object> values = new HashMap<>();
        values.put("one", asked(http, page, measure));
        values.put("whole", parameter(http, "whole").equals("true"));
        Screens.send(http, page, 200, "bureau/answer.jte", values);
    }

    private Asked asked(RoutingContext http, Page page, String measure) {
        Caller caller = Contract.caller(http, page);
        List<PlanRow> plans = PlanRow.of(page, plans(caller, measure));
        Optional<Question> chosen = Question.asked(http, measure);
        PlanRow plan =
                chosen.isEmpty()
                        ? PlanRow.first(plans).orElse(null)
                        : plans.stream()
                                .filter(one -> one.id().equals(chosen.get().value("plan")))
                                .findFirst()
                                .orElse(null);
        // Unasked, only what was decided or is due is told: each reading before is counted.
        boolean tells = plan != null && (plan.isFinal() || plan.isDue(page.at()));
        Question question =
                chosen.orElseGet(() ->
                        tells ? Question.ofPlan(measure, Objects.requireNonNull(plan).id()) : null);
        Evaluations.@Nullable State state = null;
        if (question != null) {
            boolean anew = parameter(http, "evaluate").equals("true");
            if (anew) {
                evaluations.forget(caller, question);
            }
            // A verdict that was never given before is waited for, once.
            boolean first = chosen.isEmpty() && Objects.requireNonNull(plan).verdict().isEmpty();
            state = evaluations.ask(caller, question, anew || first ? PATIENCE : GLANCE);
        }
        boolean queues = measure.equals(Question.QUEUES);
        return new Asked(
                measure,
                queues
                        ? page.t("排队时间缩短 50% 了吗？", "Are queues 50 % shorter?")
                        : page.t("药价下降 10% 了吗？", "Are drugs 10 % cheaper?"),
                queues ? "queue-verdict" : "price-verdict",
                queues ? "/bureau/queues" : "/bureau/prices",
                plan,
                state instanceof Evaluations.State.Done done
                        ? Report.of(
                                page,
                                done.report(),
                                directory.namesByNumber(caller, QueueTables.covered(done.report())))
                        : null,
                state instanceof Evaluations.State.Running || isBusy(state),
                state instanceof Evaluations.State.Running running ? progress(page, running) : "",
                state instanceof Evaluations.State.Refused refused && !isBusy(state)
                        ? refused.troubles()
                        : List.of(),
                plans,
                plan != null
                        ? plan.periods()
                        : question == null
                                ? Question.quarter(measure, page.at()).values()
                                : question.values(),
                question == null ? "" : question.query());
    }

    /// Refused for the moment only: it is asked again by itself.
    private static boolean isBusy(Evaluations.@Nullable State state) {
        return state instanceof Evaluations.State.Refused refused
                && (refused.status() == BUSY || refused.status() == TOO_MANY);
    }

    private String progress(Page page, Evaluations.State.Running running) {
        long seconds = Duration.between(running.since(), clock.instant()).toSeconds();
        String so =
                running.progress()
                        .replace("waiting for its turn", page.t("排队中", "waiting for its turn"));
        if (!page.en()) {
            so =
                    so.replaceAll("read (\\d+) of (\\d+) days", "已读 $1 / $2 天")
                            .replace("reckoning", "正在计算");
        }
        return so + (so.isEmpty() ? "" : " · ") + Math.max(seconds, 0) + page.t(" 秒", " s");
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
        Savings savings = savings(page, asked);
        values.put("charged", prices ? charged(caller, page, savings) : List.of());
        values.put("chargedHash", Report.sha256(savings.query()));
        values.put("beside", prices ? honoured(caller, page) : List.of());
        Screens.send(http, page, 200, "bureau/board.jte", values);
    }

    /// What is asked of `$price-savings`, and the time in words.
    private record Savings(String query, String period) {}

    /// What was charged where: in the period that was asked for at will, else in the last month of
    /// the plan's period, or of now where that lasts still.
    private static Savings savings(Page page, Asked asked) {
        LocalDate today = LocalDate.ofInstant(page.at(), SHANGHAI);
        boolean atWill = asked.plan() == null && !asked.query().isEmpty();
        String planned = asked.plan() == null ? "" : asked.value("periodEnd");
        LocalDate end =
                planned.isEmpty() || planned.compareTo(today.toString()) > 0
                        ? today
                        : LocalDate.parse(planned);
        boolean madeUp = asked.plan() != null && asked.plan().isMadeUp();
        String from = atWill ? asked.value("periodStart") : end.minusDays(30).toString();
        String to = atWill ? asked.value("periodEnd") : end.toString();
        return new Savings(
                "price-savings?count=60&periodStart="
                        + from
                        + "&periodEnd="
                        + to
                        + (madeUp ? "&made-up=true" : ""),
                (madeUp ? page.t("演示数据，", "made-up data, ") : "") + from + " – " + to);
    }

    private List<Figure> charged(Caller caller, Page page, Savings asked) {
        JsonNode savings = contract.get(caller, "/$" + asked.query()).json();
        return PriceCharts.charged(page, savings, names(caller, savings), asked.period());
    }

    /// Of the organizations that an answer refers to, by their ids.
    private Map<String, String> names(Caller caller, JsonNode answer) {
        return directory.names(
                caller,
                REFERRED.matcher(answer.toString())
                        .results()
                        .map(one -> one.group(1))
                        .distinct()
                        .toList());
    }

    private List<Table> honoured(Caller caller, Page page) {
        JsonNode honoured = contract.get(caller, "/$honoured-prices").json();
        return List.of(
                Table.of(page, page.t("价格兑现率", "Prices honoured"), honoured, "pharmacy"),
                Table.of(
                        page,
                        page.t("收费高于所示价格", "Charged above what was shown"),
                        honoured,
                        "breach"));
    }

    /// The table of one chart.
    private void figure(RoutingContext http) {
        Page page = page(http, "/bureau");
        Asked asked =
                asked(
                        http,
                        page,
                        parameter(http, "measure").equals(Question.PRICES)
                                ? Question.PRICES
                                : Question.QUEUES);
        String wanted = parameter(http, "figure");
        Stream<Figure> figures =
                asked.report() == null
                        ? Stream.of()
                        : asked.report().sections().stream().flatMap(one -> one.figures().stream());
        Figure found =
                Stream.concat(
                                figures,
                                wanted.equals("charged")
                                        ? charged(
                                                Contract.caller(http, page),
                                                page,
                                                savings(page, asked))
                                                .stream()
                                        : Stream.of())
                        .filter(one -> one.id().equals(wanted))
                        .findFirst()
                        .orElse(null);
        if (found == null) {
            http.fail(404);
            return;
        }
        http.response()
                .putHeader("Content-Type", "text/csv; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Disposition", "attachment; filename=\"" + found.id() + ".csv\"")
                .end(found.csv());
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
                        "每个来源：缺失的开始与结束、自动关闭、时钟偏差、迟报与重复，以及 Little 定律缺口："
                                + "平均在等人数应等于到达率乘以平均等候，差得多（超过 2 %）说明有事件没有上报。",
                        "Each source: starts and ends missing, closed by itself, clock skew, late"
                                + " or repeated events, and the gap by Little's law: those in line"
                                + " are arrivals times mean wait; a gap above 2 % means events"
                                + " were not told."));
        values.put("troubles", reply.troubles());
        values.put(
                "tables",
                List.of(
                        Table.of(page, page.t("来源", "Sources"), reply.json(), "source")
                                .named(names(caller, reply.json()))
                                .named(Map.of("platform", page.t("本平台", "the platform")))
                                .percent(page, "auto-closed-share", "little-gap"),
                        Table.of(
                                        page,
                                        page.t(
                                                "窗口测算（Erlang C，仅供排班参考）",
                                                "Windows needed (Erlang C, a what-if)"),
                                        reply.json(),
                                        "staffing")
                                .named(names(caller, reply.json()))));
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
        Question question =
                Question.asked(http, measure)
                        .orElseGet(() -> Question.quarter(measure, clock.instant()));
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
}
