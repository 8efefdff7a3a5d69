package org.yifang.console.patient;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.yifang.console.frame.Codes;
import org.yifang.console.frame.Contract;
import org.yifang.console.frame.Page;
import org.yifang.console.frame.Parameters;
import org.yifang.console.frame.Read;
import org.yifang.console.frame.Trouble;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The cards that say where to go, out of the answer of `$compare-prices`.
final class Choices {
    private static final int HOUR = 60;

    private final Page page;
    private final Map<String, String> drugs;
    private final List<String> names = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<Mine.Item> items = new ArrayList<>();
    private String opens = "";
    private String oldest = "";
    private String held = "";
    private double wait;
    private double honoured = 1;
    private boolean rated;

    private Choices(Page page, Map<String, String> drugs) {
        this.page = page;
        this.drugs = drugs;
    }

    /// @param drugs names by references of lines
    static List<Mine.Option> of(
            Page page, Contract.@Nullable Reply compared, Map<String, String> drugs) {
        List<Mine.Option> options = new ArrayList<>();
        if (compared != null) {
            for (JsonNode one : compared.json().path("parameter")) {
                if (one.path("name").asText().equals("option")) {
                    options.add(new Choices(page, drugs).option(one));
                }
            }
        }
        return options;
    }

    /// Why there is no answer, said to a patient: what the service says of it is for who calls it.
    static List<Trouble> troubles(Page page, Contract.@Nullable Reply compared) {
        if (compared == null || compared.isDone()) {
            return List.of();
        }
        String text =
                switch (compared.status()) {
                    case 409 ->
                            page.t(
                                    "处方的状态刚刚变了，没有比较各药房。",
                                    "The prescription has just changed: pharmacies were not"
                                            + " compared.");
                    case 429, 503 ->
                            page.t(
                                    "现在太忙，没能查询各药房的价格和库存。",
                                    "Too much is asked now: prices and stock were not looked up.");
                    default -> page.t("没能查询各药房的价格和库存。", "Prices and stock could not be looked up.");
                };
        String right =
                page.t(
                        "这不代表没有药房有货。请过一会儿再查，或凭取药码到药房询问。",
                        "It does not mean that no pharmacy has your drugs. Look again in a moment,"
                                + " or ask at a pharmacy with your code.");
        String code =
                compared.troubles().stream()
                        .findFirst()
                        .map(Trouble::code)
                        .orElse(ProblemCode.INTERNAL.code());
        return List.of(new Trouble(code, text, right, false));
    }

    private Mine.Option option(JsonNode one) {
        for (JsonNode part : one.path("part")) {
            switch (part.path("name").asText()) {
                case "stop" -> stop(part);
                case "line" -> line(part);
                default -> {}
            }
        }
        long minutes = Math.round(Parameters.find(one, "minutes").path("valueDecimal").asDouble());
        long waits = Math.round(wait);
        // Until a closed pharmacy opens nobody stands in line; of a wait alone it is said once.
        boolean told = waits > 0 && waits < minutes && opens.isEmpty();
        return new Mine.Option(
                Parameters.find(one, "kind").path("valueCode").asText(),
                ids.isEmpty() ? "" : ids.getFirst(),
                money(one, "total"),
                money(one, "patient-pays"),
                Parameters.find(one, "basis").path("valueCode").asText(),
                time(minutes),
                Parameters.find(one, "stops").path("valueInteger").asInt(),
                names,
                ids,
                opens,
                told ? time(waits) : "",
                rated ? String.valueOf(Math.round(honoured * 100)) : "",
                oldest.isEmpty() ? "" : Read.time(Read.instant(oldest)),
                held.isEmpty() ? "" : Read.clock(Read.instant(held)),
                items);
    }

    private void stop(JsonNode part) {
        JsonNode pharmacy = Parameters.find(part, "pharmacy").path("valueReference");
        ids.add(Read.id(pharmacy));
        names.add(pharmacy.path("display").asText());
        String late = Parameters.find(part, "opens").path("valueInstant").asText();
        opens = late.isEmpty() ? opens : Read.time(Read.instant(late));
        String kept = Parameters.find(part, "held-until").path("valueInstant").asText();
        held = kept.isEmpty() || !held.isEmpty() && held.compareTo(kept) < 0 ? held : kept;
        wait += Parameters.find(part, "wait-minutes").path("valueDecimal").asDouble();
        JsonNode rate = Parameters.find(part, "honoured-rate").path("valueDecimal");
        if (rate.isNumber()) {
            rated = true;
            honoured = Math.min(honoured, rate.asDouble());
        }
    }

    private void line(JsonNode part) {
        String seen = Parameters.find(part, "observed").path("valueInstant").asText();
        oldest = oldest.isEmpty() || seen.compareTo(oldest) < 0 ? seen : oldest;
        JsonNode line = Parameters.find(part, "line").at("/valueReference/reference");
        items.add(
                new Mine.Item(
                        drugs.getOrDefault(line.asText(), ""),
                        Parameters.find(part, "pharmacy").at("/valueReference/display").asText(),
                        Parameters.find(part, "packs").path("valueInteger").asText(),
                        money(part, "price"),
                        money(part, "pack-price"),
                        Read.unitPrice(Parameters.find(part, "unit-price").path("valueDecimal")),
                        Codes.text(
                                "price-type",
                                Parameters.find(part, "price-type").path("valueCode").asText(),
                                page.en()),
                        same(Parameters.find(part, "equivalence").path("valueCode").asText()),
                        Parameters.find(part, "volume-purchased").path("valueBoolean").asBoolean(),
                        seen.isEmpty() ? "" : Read.time(Read.instant(seen)),
                        Parameters.find(part, "freshness").path("valueCode").asText()));
    }

    /// How near what is sold there is to what was prescribed.
    private String same(String level) {
        return switch (level) {
            case "L0" -> page.t("同一产品", "the very product");
            case "L1" -> page.t("同厂家同规格，包装不同", "same maker and strength, another pack");
            case "L2" -> page.t("同名同规格，另一厂家", "same drug and strength, another maker");
            case "L3" -> page.t("药师认可的替换剂型", "another form that a pharmacist approved");
            default -> "";
        };
    }

    private String time(long minutes) {
        return minutes < HOUR
                ? minutes + page.t(" 分钟", minutes == 1 ? " minute" : " minutes")
                : minutes / HOUR
                        + page.t(" 小时 ", minutes < 2 * HOUR ? " hour " : " hours ")
                        + minutes % HOUR
                        + page.t(" 分钟", " min");
    }

    private static String money(JsonNode part, String name) {
        JsonNode value = Parameters.find(part, name).at("/valueMoney/value");
        return value.isMissingNode() ? "" : value.decimalValue().setScale(2).toPlainString();
    }
}
