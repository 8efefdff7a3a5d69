package org.yifang.console.review;

import static org.yifang.console.frame.Screens.field;

import com.fasterxml.jackson.databind.JsonNode;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Screens;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// `/swaps`: which swaps are proposed and what each would save, and what was judged. A reviewing
/// pharmacist accepts or refuses; who sells looks on.
public final class SwapsPage {
    private static final String PATH = "/swaps";
    private static final int SHOWN = 30;

    private final Contract contract;
    private final InstantSource clock;

    public SwapsPage(Contract contract, InstantSource clock) {
        this.contract = contract;
        this.clock = clock;
    }

    /// Behind its guard.
    public void mount(Router router) {
        router.get(PATH).handler(http -> show(http, 200, List.of(), ""));
        router.post(PATH).handler(this::judge);
    }

    /// What is equal by its name holds unless it is parted; another form holds once it is approved.
    private void judge(RoutingContext http) {
        Page page = Page.of(http, PATH, clock.instant());
        Caller caller = Contract.caller(http, page);
        boolean accepts = field(http, "decision").equals("accept");
        String accepted = field(http, "level").equals("L3") ? "equivalent" : "withdrawn";
        Parameters parameters =
                new Parameters()
                        .code("one", field(http, "one"))
                        .code("other", field(http, "other"))
                        .code("verdict", accepts ? accepted : "parted")
                        .string("approver", Objects.requireNonNullElse(caller.person().id(), ""));
        if (!field(http, "reason").isEmpty()) {
            parameters.string("reason", field(http, "reason"));
        }
        Contract.Reply done = contract.post(caller, "/$judge-swap", parameters.json());
        String said =
                accepts
                        ? page.t("已认可，即时生效。", "Accepted; it holds from now on.")
                        : page.t("已退回，列为排除，即时生效。", "Refused and kept as an exclusion from now on.");
        show(http, done.status(), done.troubles(), done.isDone() ? said : "");
    }

    private void show(RoutingContext http, int status, List<Trouble> troubles, String said) {
        Page page = Page.of(http, PATH, clock.instant());
        Caller caller = Contract.caller(http, page);
        List<Trouble> all = new ArrayList<>(troubles);
        Contract.Reply told = contract.get(caller, "/$swap-proposals?count=" + SHOWN);
        all.addAll(told.troubles());
        List<Swap> proposals = proposals(told);
        boolean madeUp = false;
        if (proposals.isEmpty()) {
            // Only a demonstration has any.
            proposals =
                    proposals(contract.get(caller, "/$swap-proposals?made-up=true&count=" + SHOWN));
            madeUp = !proposals.isEmpty();
        }
        List<Swap.Judged> judged = new ArrayList<>();
        for (JsonNode one : contract.get(caller, "/$swaps").json().path("parameter")) {
            judged.add(Swap.Judged.of(one));
        }
        Map<String, Object> values = new HashMap<>();
        values.put("troubles", all);
        values.put("said", said);
        values.put("proposals", proposals);
        values.put("madeUp", madeUp);
        values.put("judged", judged);
        values.put("judges", caller.is(Role.REVIEWER));
        Screens.send(
                http, page, told.isDone() ? status : told.status(), "review/swaps.jte", values);
    }

    private static List<Swap> proposals(Contract.Reply told) {
        List<Swap> proposals = new ArrayList<>();
        for (JsonNode one : told.json().path("parameter")) {
            if (one.path("name").asText().equals("proposal")) {
                proposals.add(Swap.of(one));
            }
        }
        return proposals;
    }
}
