package org.yifang.price.index;

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.yifang.queue.plan.Words;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Date;
import java.util.HexFormat;
import java.util.TimeZone;
import java.util.function.ToDoubleFunction;

/// A reading of prices as MeasureReport: the verdict in words first, then every figure.
final class PriceReportFhir {
    private static final String ROOT = "https://yifang.org/fhir/";
    private static final String EXTENSION = ROOT + "StructureDefinition/";
    private static final String INDEX = ROOT + "CodeSystem/price-index";
    private static final TimeZone SHANGHAI = TimeZone.getTimeZone("Asia/Shanghai");
    private static final int CONTRIBUTIONS = 20;

    private final PriceReading.Result result;
    private final PriceQuestion question;
    private final PriceWords words;
    private final MeasureReport report = new MeasureReport();

    PriceReportFhir(PriceReading.Result result, long number) {
        this.result = result;
        this.question = result.question();
        this.words = new PriceWords(result, number);
    }

    MeasureReport report() {
        report.setId(result.id().toString());
        report.setStatus(MeasureReport.MeasureReportStatus.COMPLETE);
        report.setType(MeasureReport.MeasureReportType.SUMMARY);
        report.setMeasure(ROOT + "Measure/drug-price-change");
        report.setDate(Date.from(question.asOf()));
        report.setPeriod(period(question.start(), question.end()));
        report.setImprovementNotation(
                new CodeableConcept(
                        new Coding()
                                .setSystem(
                                        "http://terminology.hl7.org/CodeSystem/"
                                                + "measure-improvement-notation")
                                .setCode("decrease")));
        claim();
        method();
        result.read().held().forEach(this::held);
        PriceFigures figures = result.figures();
        if (figures != null) {
            figures(figures);
        }
        return report;
    }

    /// What is said, first in the report: as a code, as sentences, line by line.
    private void claim() {
        Extension claim = report.addExtension().setUrl(EXTENSION + "price-claim");
        claim.addExtension("result", new CodeType(result.judgement().verdict().code()));
        Words verdict = words.verdict();
        both(claim, "text", verdict);
        claim.addExtension("goal", new StringType("-10 %"));
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
                claim.addExtension("reason", new CodeType(tick.line().code()));
            }
            Extension line = claim.addExtension().setUrl("line");
            line.addExtension("line", new CodeType(tick.line().code()));
            line.addExtension("holds", new BooleanType(tick.holds()));
            both(line, "text", words.line(tick));
        }
        if (result.baselineFen() == 0) {
            claim.addExtension("reason", new CodeType("no-baseline-sales"));
        }
        if (result.currentFen() == 0) {
            claim.addExtension("reason", new CodeType("no-current-sales"));
        }
        Narrative said = new Narrative();
        said.setStatus(Narrative.NarrativeStatus.GENERATED);
        said.setDivAsString(
                "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>%s</p><p lang=\"en\">%s</p></div>"
                        .formatted(escaped(verdict.chinese()), escaped(verdict.english())));
        report.setText(said);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static void both(Extension in, String name, Words words) {
        in.addExtension(name, new StringType(words.chinese()));
        in.addExtension(name + "-en", new StringType(words.english()));
    }

    private void method() {
        Extension method = report.addExtension().setUrl(EXTENSION + "price-method");
        method.addExtension("baseline", period(question.baselineStart(), question.baselineEnd()));
        method.addExtension("as-of", instant(question.asOf()));
        method.addExtension("basis", new CodeType(question.basis().code()));
        question.filters().forEach(one -> method.addExtension("filter", new StringType(one)));
        PriceQuestion.Plan plan = question.plan();
        if (plan != null) {
            method.addExtension("plan", new StringType(plan.id().toString()));
        }
        method.addExtension("history-share", decimal(result.importedBaseline()));
        for (var file : result.read().imports()) {
            method.addExtension(
                    "imported",
                    new StringType(file.by() + " " + HexFormat.of().formatHex(file.sha256())));
        }
        method.addExtension(
                "text",
                new StringType(
                        "Laspeyres index on unit values of one product in one pharmacy (same"
                                + " generic name, form, strength and maker; packs by the unit),"
                                + " weights of the baseline; lines outside 1/4 to 4 times the"
                                + " county's median of product and month count at the median;"
                                + " interval: studentised bootstrap over pharmacies with CR2"
                                + " standard error"));
        PriceFigures figures = result.figures();
        if (figures == null) {
            return;
        }
        method.addExtension("matched-share", decimal(figures.matchedShare()));
        method.addExtension("other-makers-share", decimal(figures.otherMakersShare()));
        method.addExtension("held-out-share", decimal(figures.heldOutShare()));
        method.addExtension("held-out-lines", new IntegerType((int) result.heldLines()));
        method.addExtension("pharmacies", new IntegerType(figures.pharmacies()));
        if (figures.interval() != null) {
            // A seed has 64 bits; an integer of FHIR has 32.
            method.addExtension("seed", new StringType(Long.toString(figures.interval().seed())));
            method.addExtension("replicates", new IntegerType(figures.interval().replicates()));
            method.addExtension("at-worst", decimal(figures.boundHigh()));
        }
    }

    /// A line that was held out: its id is what `$decide-held-price` takes to release its price.
    private void held(CheckedSalesStore.Held line) {
        Extension held = report.addExtension().setUrl(EXTENSION + "held-line");
        held.addExtension("sale", new StringType(line.sale().toString()));
        held.addExtension("pharmacy", new Reference("Organization/" + line.pharmacy()));
        held.addExtension("drug", new StringType(line.drug()));
        held.addExtension("kind", new CodeType(line.kind()));
        held.addExtension("from", new DateType(line.from().toString()));
        held.addExtension("quantity", decimal(line.quantity()));
        held.addExtension("value-yuan", decimal(line.fen() / 100));
        held.addExtension("unit-yuan", decimal(line.unitFen() / 100));
        held.addExtension("median-yuan", decimal(line.medianFen() / 100));
    }

    private void figures(PriceFigures figures) {
        MeasureReportGroupComponent headline = group("laspeyres", figures.laspeyres());
        interval(headline, figures.interval());
        population(headline, "initial-population", "sales of both periods", result.lines());
        population(
                headline,
                "measure-population",
                "matched items: one product in one pharmacy",
                figures.items());
        population(
                headline,
                "measure-population-exclusion",
                "products without a match",
                result.products().size() - (long) figures.products().size());
        contributions(headline, figures, PriceFigures.Product::toLaspeyres);
        group("paasche", figures.paasche());
        contributions(group("fisher", figures.fisher()), figures, PriceFigures.Product::toFisher);
        group("tornqvist", figures.tornqvist());
        if (figures.geks() != null) {
            group("geks", figures.geks());
        }
        group("jevons", figures.jevons());
        PriceFigures.Parts parts = figures.parts();
        if (parts != null) {
            group("value", parts.value());
            group("price", parts.price());
            group("mix-within", parts.mixWithin());
            group("mix-across", parts.mixAcross());
            group("volume", parts.volume());
        }
        PriceFigures.PerDay perDay = figures.perDay();
        if (perDay != null) {
            interval(group("cost-per-daily-dose", perDay.ratio()), perDay.interval());
        }
    }

    private static void interval(
            MeasureReportGroupComponent group, PriceFigures.@Nullable Interval interval) {
        if (interval == null) {
            return;
        }
        group.getMeasureScore()
                .addExtension(
                        EXTENSION + "confidence-interval",
                        new Range().setLow(one(interval.low())).setHigh(one(interval.high())));
    }

    private void contributions(
            MeasureReportGroupComponent group,
            PriceFigures figures,
            ToDoubleFunction<PriceFigures.Product> contribution) {
        var stratifier = group.addStratifier();
        stratifier.addCode().setText("contribution by product");
        figures.products().stream()
                .sorted(
                        Comparator.comparingDouble(
                                one -> -Math.abs(contribution.applyAsDouble(one))))
                .limit(CONTRIBUTIONS)
                .forEach(one -> {
                    var product = result.products().get(one.number());
                    var stratum = stratifier.addStratum();
                    stratum.setValue(
                            new CodeableConcept().setText(product.set() + "|" + product.maker()));
                    stratum.setMeasureScore(one(one.ratio()));
                    stratum.addExtension(
                            EXTENSION + "index-contribution",
                            decimal(contribution.applyAsDouble(one)));
                    stratum.addExtension(
                            EXTENSION + "baseline-share", decimal(one.baselineShare()));
                });
    }

    private MeasureReportGroupComponent group(String code, double score) {
        MeasureReportGroupComponent group = report.addGroup();
        group.setCode(new CodeableConcept(new Coding().setSystem(INDEX).setCode(code)));
        group.setMeasureScore(one(score));
        return group;
    }

    private static void population(
            MeasureReportGroupComponent group, String code, String text, long count) {
        group.addPopulation()
                .setCode(
                        new CodeableConcept(
                                        new Coding()
                                                .setSystem(
                                                        "http://terminology.hl7.org/CodeSystem/"
                                                                + "measure-population")
                                                .setCode(code))
                                .setText(text))
                .setCount((int) count);
    }

    private static Quantity one(double value) {
        return new Quantity()
                .setValue(rounded(value))
                .setUnit("1")
                .setSystem("http://unitsofmeasure.org")
                .setCode("1");
    }

    private static InstantType instant(Instant moment) {
        InstantType instant = new InstantType(Date.from(moment));
        instant.setTimeZone(SHANGHAI);
        return instant;
    }

    private static Period period(LocalDate from, LocalDate to) {
        Period period = new Period();
        period.getStartElement().setValueAsString(from.toString());
        period.getEndElement().setValueAsString(to.toString());
        return period;
    }

    private static DecimalType decimal(double value) {
        return new DecimalType(rounded(value));
    }

    private static BigDecimal rounded(double value) {
        return BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_UP);
    }
}
