package org.yifang.price.index;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.queue.plan.ReportJson;
import org.yifang.queue.plan.Words;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// A reading of prices as MeasureReport: the verdict in words first, then every figure.
final class PriceReportFhir {
    private static final int CONTRIBUTIONS = 20;
    private static final int DIGITS = 6;
    private static final String METHOD =
            "Laspeyres index on unit values of one product in one pharmacy (same"
                    + " generic name, form, strength and maker; packs by the unit),"
                    + " weights of the baseline; lines outside 1/4 to 4 times the"
                    + " county's median of product and month count at the median;"
                    + " interval: studentised bootstrap over pharmacies with CR2"
                    + " standard error";

    private final PriceReading.Result result;
    private final PriceQuestion question;
    private final PriceWords words;

    PriceReportFhir(PriceReading.Result result, long number) {
        this.result = result;
        this.question = result.question();
        this.words = new PriceWords(result, number);
    }

    byte[] write() {
        PriceFigures figures = result.figures();
        return FhirWriter.resource(
                "MeasureReport",
                json -> {
                    json.string("id", result.id().toString())
                            .object(
                                    "text",
                                    text ->
                                            text.string("status", "generated")
                                                    .string("div", narrative(words.verdict())));
                    json.extensions(all -> {
                        all.group("price-claim", this::claim).group("price-method", this::method);
                        result.read()
                                .held()
                                .forEach(line -> all.group("held-line", one -> held(one, line)));
                    });
                    ReportJson.head(
                            json,
                            "drug-price-change",
                            question.asOf(),
                            question.start(),
                            question.end());
                    if (figures != null) {
                        json.list("group", all -> figures(all, figures));
                    }
                });
    }

    private static String narrative(Words verdict) {
        return "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>%s</p><p lang=\"en\">%s</p></div>"
                .formatted(escaped(verdict.chinese()), escaped(verdict.english()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    /// What is said, first in the report: as a code, as sentences, line by line.
    private void claim(NamedValues claim) {
        claim.code("result", result.judgement().verdict().code());
        both(claim, "text", words.verdict());
        claim.string("goal", "-10 %");
        PriceFigures figures = result.figures();
        if (figures != null) {
            both(claim, "same-drugs", PriceWords.sameDrugs(figures));
            PriceFigures.PerDay perDay = figures.perDay();
            if (perDay != null) {
                both(claim, "per-day", PriceWords.perDay(perDay));
            }
        }
        for (PriceRule.Tick tick : result.judgement().ticks()) {
            if (!tick.holds()) {
                claim.code("reason", tick.line().code());
            }
            claim.group(
                    "line",
                    line -> {
                        line.code("line", tick.line().code()).truth("holds", tick.holds());
                        both(line, "text", words.line(tick));
                    });
        }
        if (result.baselineFen() == 0) {
            claim.code("reason", "no-baseline-sales");
        }
        if (result.currentFen() == 0) {
            claim.code("reason", "no-current-sales");
        }
    }

    private static void both(NamedValues in, String name, Words words) {
        in.string(name, words.chinese()).string(name + "-en", words.english());
    }

    private void method(NamedValues method) {
        method.days("baseline", question.baselineStart(), question.baselineEnd())
                .instant("as-of", question.asOf())
                .code("basis", question.basis().code());
        question.filters().forEach(one -> method.string("filter", one));
        PriceQuestion.Plan plan = question.plan();
        if (plan != null) {
            method.string("plan", plan.id().toString());
        }
        decimal(method, "history-share", result.importedBaseline());
        for (var file : result.read().imports()) {
            method.string("imported", file.by() + " " + HexFormat.of().formatHex(file.sha256()));
        }
        method.string("text", METHOD);
        PriceFigures figures = result.figures();
        if (figures == null) {
            return;
        }
        decimal(method, "matched-share", figures.matchedShare());
        decimal(method, "other-makers-share", figures.otherMakersShare());
        decimal(method, "held-out-share", figures.heldOutShare());
        method.integer("held-out-lines", result.heldLines())
                .integer("pharmacies", figures.pharmacies());
        if (figures.interval() != null) {
            // A seed has 64 bits; an integer of FHIR has 32.
            method.string("seed", Long.toString(figures.interval().seed()))
                    .integer("replicates", figures.interval().replicates());
            decimal(method, "at-worst", figures.boundHigh());
        }
    }

    /// A line that was held out: its id is what `$decide-held-price` takes to release its price.
    private static void held(NamedValues held, CheckedSalesStore.Held line) {
        held.string("sale", line.sale().toString())
                .reference("pharmacy", "Organization/" + line.pharmacy())
                .string("drug", line.drug())
                .code("kind", line.kind())
                .date("from", line.from());
        decimal(held, "quantity", line.quantity());
        decimal(held, "value-yuan", line.fen() / 100);
        decimal(held, "unit-yuan", line.unitFen() / 100);
        decimal(held, "median-yuan", line.medianFen() / 100);
    }

    private void figures(FhirWriter all, PriceFigures figures) {
        all.element(one -> headline(one, figures));
        group(all, "paasche", figures.paasche());
        all.element(one -> {
            scored(one, "fisher", figures.fisher());
            one.list(
                    "stratifier",
                    tables -> {
                        contributions(tables, figures, PriceFigures.Product::toFisher);
                        months(tables, MonthlyPrices.Month::fisher, _ -> null);
                    });
        });
        group(all, "tornqvist", figures.tornqvist());
        Double geks = figures.geks();
        if (geks != null) {
            all.element(one -> {
                scored(one, "geks", geks);
                one.list(
                        "stratifier",
                        tables -> months(tables, MonthlyPrices.Month::geks, _ -> null));
            });
        }
        group(all, "jevons", figures.jevons());
        PriceFigures.Factors factors = figures.factors();
        if (factors != null) {
            group(all, "value", factors.value());
            group(all, "price", factors.price());
            group(all, "mix-within", factors.mixWithin());
            group(all, "mix-across", factors.mixAcross());
            group(all, "volume", factors.volume());
        }
        PriceFigures.PerDay perDay = figures.perDay();
        if (perDay != null) {
            all.element(one -> {
                code(one, "cost-per-daily-dose");
                score(one, perDay.ratio(), perDay.interval());
            });
        }
    }

    private void headline(FhirWriter group, PriceFigures figures) {
        code(group, "laspeyres");
        group.list(
                "population",
                all -> {
                    ReportJson.population(
                            all, "initial-population", "sales of both periods", result.lines());
                    ReportJson.population(
                            all,
                            "measure-population",
                            "matched items: one product in one pharmacy",
                            figures.items());
                    ReportJson.population(
                            all,
                            "measure-population-exclusion",
                            "products without a match",
                            result.products().size() - (long) figures.products().size());
                });
        score(group, figures.laspeyres(), figures.interval());
        group.list(
                "stratifier",
                tables -> {
                    contributions(tables, figures, PriceFigures.Product::toLaspeyres);
                    months(tables, MonthlyPrices.Month::laspeyres, MonthlyPrices.Month::band);
                });
    }

    private static void group(FhirWriter all, String code, double score) {
        all.element(one -> scored(one, code, score));
    }

    private static void scored(FhirWriter group, String code, double score) {
        code(group, code);
        score(group, score, null);
    }

    private static void code(FhirWriter group, String code) {
        group.concept("code", FhirJson.SYSTEMS + "price-index", code);
    }

    private static void score(
            FhirWriter group, double value, PriceFigures.@Nullable Interval interval) {
        group.object(
                "measureScore",
                score -> {
                    if (interval != null) {
                        score.extensions(all ->
                                all.range(
                                        "confidence-interval",
                                        rounded(interval.low()),
                                        rounded(interval.high()),
                                        "1"));
                    }
                    score.measured(rounded(value), "1");
                });
    }

    /// Each month against the baseline, `2026-03`.
    private void months(
            FhirWriter tables,
            Function<MonthlyPrices.Month, @Nullable Double> index,
            Function<MonthlyPrices.Month, PriceFigures.@Nullable Interval> band) {
        ReportJson.stratifier(
                tables,
                "month",
                strata -> {
                    for (MonthlyPrices.Month month : result.byMonth()) {
                        Double value = index.apply(month);
                        if (value != null) {
                            strata.element(stratum -> {
                                stratum.words("value", name(month.month()));
                                score(stratum, value, band.apply(month));
                            });
                        }
                    }
                });
    }

    private static String name(int month) {
        return YearMonth.of((month - 1) / 12, (month - 1) % 12 + 1).toString();
    }

    private void contributions(
            FhirWriter tables,
            PriceFigures figures,
            ToDoubleFunction<PriceFigures.Product> contribution) {
        ReportJson.stratifier(
                tables,
                "contribution by product",
                strata ->
                        figures.products().stream()
                                .sorted(
                                        Comparator.comparingDouble(
                                                one -> -Math.abs(contribution.applyAsDouble(one))))
                                .limit(CONTRIBUTIONS)
                                .forEach(one ->
                                        strata.element(stratum ->
                                                contribution(
                                                        stratum,
                                                        one,
                                                        contribution.applyAsDouble(one)))));
    }

    private void contribution(FhirWriter stratum, PriceFigures.Product one, double contribution) {
        var product = result.products().get(one.number());
        stratum.extensions(all -> {
            decimal(all, "index-contribution", contribution);
            decimal(all, "baseline-share", one.baselineShare());
        });
        stratum.words("value", product.set() + "|" + product.maker());
        score(stratum, one.ratio(), null);
    }

    private static void decimal(NamedValues all, String name, double value) {
        all.decimal(name, value, DIGITS);
    }

    private static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.HALF_UP);
    }
}
