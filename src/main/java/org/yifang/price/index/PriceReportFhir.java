package org.yifang.price.index;

import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.yifang.price.index.PriceChange.Figures;
import org.yifang.price.offer.OfferFhir;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Date;
import java.util.stream.IntStream;

/// A price report as MeasureReport.
final class PriceReportFhir {
    private static final String ROOT = OfferFhir.ROOT + "StructureDefinition/";
    private static final String INDEX = OfferFhir.ROOT + "CodeSystem/price-index";
    private static final int CONTRIBUTIONS = 20;

    static MeasureReport report(PriceReport.Result result) {
        MeasureReport report = new MeasureReport();
        report.setId(result.id().toString());
        report.setStatus(MeasureReport.MeasureReportStatus.COMPLETE);
        report.setType(MeasureReport.MeasureReportType.SUMMARY);
        report.setMeasure("https://yifang.org/fhir/Measure/drug-price-change");
        report.setDate(Date.from(result.query().asOf()));
        report.setPeriod(period(result.query().start(), result.query().end()));
        report.setImprovementNotation(
                new CodeableConcept(
                        new Coding()
                                .setSystem(
                                        "http://terminology.hl7.org/CodeSystem/measure-improvement-notation")
                                .setCode("decrease")));
        claim(report, result);
        Figures figures = result.change().figures();
        if (figures == null) {
            return report;
        }
        MeasureReportGroupComponent headline = group(report, "laspeyres", figures.laspeyres());
        interval(headline, figures.interval());
        population(headline, "initial-population", "sales of both periods", (int) result.lines());
        population(headline, "measure-population", "matched products", figures.products().length);
        population(
                headline,
                "measure-population-exclusion",
                "products sold in one period only",
                result.products().size() - figures.products().length);
        group(report, "paasche", figures.paasche());
        group(report, "fisher", figures.fisher());
        group(report, "tornqvist", figures.tornqvist());
        if (figures.geks() != null) {
            group(report, "geks", figures.geks());
        }
        group(report, "jevons", figures.jevons());
        group(report, "value", figures.parts().value());
        group(report, "mix", figures.parts().mix());
        group(report, "volume", figures.parts().volume());
        group(report, "cost-per-daily-dose", figures.perDailyDose());
        contributions(headline, figures, result);
        return report;
    }

    private static void claim(MeasureReport report, PriceReport.Result result) {
        PriceReport.Query query = result.query();
        Extension claim = report.addExtension().setUrl(ROOT + "price-claim");
        claim.addExtension("goal", new StringType("-10 %"));
        claim.addExtension("result", new CodeType(result.change().met() ? "met" : "not-shown"));
        result.change()
                .reasons()
                .forEach(reason -> claim.addExtension("reason", new CodeType(reason.code())));
        Extension method = report.addExtension().setUrl(ROOT + "price-method");
        method.addExtension("baseline", period(query.baselineStart(), query.baselineEnd()));
        method.addExtension("as-of", OfferFhir.instant(query.asOf()));
        method.addExtension("basis", new CodeType(query.basis().code()));
        method.addExtension("history-share", decimal(result.historyShare()));
        method.addExtension(
                "text",
                new StringType(
                        "Laspeyres index on unit values of substitution sets by kind of outlet,"
                                + " weights of the baseline; interval: studentised bootstrap over"
                                + " pharmacies with CR2 standard error"));
        Figures figures = result.change().figures();
        if (figures != null) {
            method.addExtension("matched-share", decimal(figures.matchedShare()));
            method.addExtension("pharmacies", new IntegerType(figures.pharmacies()));
            if (figures.interval() != null) {
                // A seed has 64 bits; an integer of FHIR has 32.
                method.addExtension(
                        "seed", new StringType(Long.toString(figures.interval().seed())));
                method.addExtension("replicates", new IntegerType(figures.interval().replicates()));
            }
        }
    }

    private static void interval(
            MeasureReportGroupComponent group, PriceChange.@Nullable Interval interval) {
        if (interval == null) {
            return;
        }
        group.getMeasureScore()
                .addExtension(
                        ROOT + "confidence-interval",
                        new Range().setLow(one(interval.low())).setHigh(one(interval.high())));
    }

    private static void contributions(
            MeasureReportGroupComponent headline, Figures figures, PriceReport.Result result) {
        var stratifier = headline.addStratifier();
        stratifier.addCode().setText("contribution by drug");
        IntStream.range(0, figures.products().length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(figures.contributions()[i])))
                .limit(CONTRIBUTIONS)
                .forEach(i -> {
                    var product = result.products().get(figures.products()[i]);
                    var stratum = stratifier.addStratum();
                    stratum.setValue(
                            new CodeableConcept()
                                    .setText(
                                            product.set()
                                                    + (product.inHouse() ? " (in-house)" : "")));
                    stratum.setMeasureScore(one(figures.ratios()[i]));
                    stratum.addExtension(
                            ROOT + "index-contribution", decimal(figures.contributions()[i]));
                    stratum.addExtension(
                            ROOT + "baseline-share", decimal(figures.baselineShares()[i]));
                });
    }

    private static MeasureReportGroupComponent group(
            MeasureReport report, String code, double score) {
        MeasureReportGroupComponent group = report.addGroup();
        group.setCode(new CodeableConcept(new Coding().setSystem(INDEX).setCode(code)));
        group.setMeasureScore(one(score));
        return group;
    }

    private static void population(
            MeasureReportGroupComponent group, String code, String text, int count) {
        group.addPopulation()
                .setCode(
                        new CodeableConcept(
                                        new Coding()
                                                .setSystem(
                                                        "http://terminology.hl7.org/CodeSystem/measure-population")
                                                .setCode(code))
                                .setText(text))
                .setCount(count);
    }

    private static Quantity one(double value) {
        return new Quantity()
                .setValue(rounded(value))
                .setUnit("1")
                .setSystem("http://unitsofmeasure.org")
                .setCode("1");
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

    private PriceReportFhir() {}
}
