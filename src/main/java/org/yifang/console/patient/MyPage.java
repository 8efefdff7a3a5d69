package org.yifang.console.patient;

import static org.yifang.console.frame.Screens.field;
import static org.yifang.console.frame.Screens.parameter;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Trouble;
import org.yifang.identity.client.Identity;
import org.yifang.identity.person.Sessions;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.edge.FormBody;
import org.yifang.platform.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/my`: the patient's page. The token of the slip stays in the fragment of the address; the
/// browser proves it at the token endpoint and keeps the access token in a cookie that no script
/// reads.
public final class MyPage {
    private static final String COOKIE = "yifang-my";
    private static final int FORM_BYTES = 16 * 1024;
    private static final int MINUTES = 15;

    private final Contract contract;
    private final MineReader reader;
    private final PriceHistory prices;
    private final InstantSource clock;
    private final Identity identity;
    private final boolean secure;

    /// @param identity knows whose an access token is
    /// @param secure whether people come by https
    public MyPage(Contract contract, InstantSource clock, Identity identity, boolean secure) {
        this.contract = contract;
        this.reader = new MineReader(contract);
        this.prices = new PriceHistory(contract);
        this.clock = clock;
        this.identity = identity;
        this.secure = secure;
    }

    public void mount(Router router) {
        router.get("/my").handler(http -> show(http, 200, List.of(), ""));
        for (String path : List.of("/my", "/my/:act")) {
            router.post(path).handler(FormBody.upTo(FORM_BYTES)).handler(this::act);
        }
        router.get("/my/slip").handler(this::slip);
        router.get(PriceHistory.PATH).handler(this::prices);
    }

    /// The patient behind a request of this page's, for `/events` too.
    public Optional<Caller> caller(RoutingContext http) {
        Cookie cookie = http.request().getCookie(COOKIE);
        if (cookie == null || cookie.getValue().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(identity.bearer(http, cookie.getValue()))
                    .filter(one -> one.is(Role.PATIENT));
        } catch (Problem over) {
            return Optional.empty();
        }
    }

    private Page page(RoutingContext http) {
        return page(http, "/my");
    }

    private Page page(RoutingContext http, String path) {
        Cookie cookie = http.request().getCookie(COOKIE);
        String token = cookie == null ? "" : formToken(cookie.getValue());
        return Page.open(http, path, clock.instant()).withToken(token);
    }

    private void prices(RoutingContext http) {
        Optional<Caller> caller = caller(http);
        if (caller.isEmpty()) {
            again(http);
            return;
        }
        Page page = page(http, PriceHistory.PATH);
        prices.show(http, page, caller.get().speaking(page.language()));
    }

    /// What forms carry: made of the cookie, which no other page can read.
    private static String formToken(String cookie) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(("form " + cookie).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void act(RoutingContext http) {
        String act = http.pathParam("act");
        if (!Sessions.isSameOrigin(http.request())) {
            http.fail(403);
            return;
        }
        if ("enter".equals(act)) {
            enter(http);
            return;
        }
        Page page = page(http);
        Optional<Caller> caller = caller(http);
        if (caller.isEmpty()) {
            again(http);
            return;
        }
        if (!Sessions.isToken(page.formToken(), field(http, "form-token"))) {
            http.fail(403);
            return;
        }
        if ("leave".equals(act)) {
            http.response().addCookie(cookie("").setMaxAge(0));
            again(http);
            return;
        }
        if ("alert".equals(act)) {
            Page own = page(http, PriceHistory.PATH);
            prices.set(http, own, caller.get().speaking(page.language()));
            return;
        }
        Parameters parameters = new Parameters();
        String operation = "$choose-pharmacy";
        String said = page.t("已选定，药品为您保留两小时。", "Chosen: the drugs are kept for two hours.");
        if (act == null || "place".equals(act)) {
            Whereabouts where = Whereabouts.of(http, page);
            show(http, where.isRead() ? 200 : 400, where.troubles(), "", where);
            return;
        }
        switch (act) {
            case "choose" ->
                    parameters.reference("pharmacy", "Organization/" + field(http, "pharmacy"));
            case "free" -> said = page.t("已取消选择，任一药房都可取药。", "Free again: any pharmacy will do.");
            case "release" -> {
                operation = "$release";
                said = page.t("已从该药房收回，可到别处取药。", "Taken back from that pharmacy.");
            }
            default -> {
                http.fail(404);
                return;
            }
        }
        String task = field(http, "task").replaceAll("[^A-Za-z0-9-]", "");
        Contract.Reply done =
                contract.post(
                        caller.get().speaking(page.language()),
                        "/Task/" + task + "/" + operation,
                        parameters.json());
        show(http, done.status(), done.troubles(), done.isDone() ? said : "");
    }

    private void enter(RoutingContext http) {
        String token = field(http, "token");
        try {
            Caller caller = identity.bearer(http, token);
            if (caller.is(Role.PATIENT)) {
                http.response().addCookie(cookie(token).setMaxAge(MINUTES * 60L));
            }
        } catch (Problem refused) {
            http.response().addCookie(cookie("").setMaxAge(0));
        }
        again(http);
    }

    private static void again(RoutingContext http) {
        http.response().setStatusCode(303).putHeader("Location", "/my").end();
    }

    private Cookie cookie(String value) {
        return Cookie.cookie(COOKIE, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(secure)
                .setSameSite(CookieSameSite.LAX);
    }

    private void show(RoutingContext http, int status, List<Trouble> troubles, String said) {
        show(http, status, troubles, said, Whereabouts.unknown());
    }

    private void show(
            RoutingContext http,
            int status,
            List<Trouble> troubles,
            String said,
            Whereabouts where) {
        Page page = page(http);
        Map<String, Object> values = new HashMap<>();
        values.put("troubles", troubles);
        values.put("said", said);
        values.put("typed", where.typed());
        values.put("misread", !where.isRead());
        Optional<Caller> known = caller(http);
        if (known.isEmpty()) {
            Screens.send(http, page, status, "patient/door.jte", values);
            return;
        }
        Caller caller = known.get().speaking(page.language());
        String wanted =
                parameter(http, "task").isEmpty() ? field(http, "task") : parameter(http, "task");
        Future<List<JsonNode>> trail = reader.trail(caller);
        List<JsonNode> tasks = new ArrayList<>();
        for (JsonNode task :
                contract.get(caller, "/Task?code=prescription&_sort=-modified&_count=20")
                        .entries()) {
            if (task.path("resourceType").asText().equals("Task")) {
                tasks.add(task);
            }
        }
        JsonNode task = chosen(tasks, wanted);
        values.put(
                "mine",
                task == null ? null : reader.read(caller, page, task, tasks, where.read(), trail));
        values.put("others", reader.others(caller, task, tasks));
        Screens.send(http, page, status, "patient/my.jte", values);
    }

    private static @Nullable JsonNode chosen(List<JsonNode> tasks, String wanted) {
        return tasks.stream()
                .filter(one -> one.path("id").asText().equals(wanted))
                .findFirst()
                .orElse(tasks.isEmpty() ? null : tasks.getFirst());
    }

    private void slip(RoutingContext http) {
        Page page = page(http);
        Optional<Caller> caller = caller(http);
        String task = parameter(http, "task").replaceAll("[^A-Za-z0-9-]", "");
        if (caller.isEmpty()) {
            again(http);
            return;
        }
        Contract.Reply slip =
                contract.get(
                        caller.get().speaking(page.language()),
                        "/Task/" + task + "/$pickup-slip",
                        "image/png");
        if (!slip.isDone()) {
            show(http, slip.status(), slip.troubles(), "");
            return;
        }
        http.response()
                .putHeader("Content-Type", "image/png")
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(slip.bytes()));
    }
}
