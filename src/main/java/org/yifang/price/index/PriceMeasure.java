package org.yifang.price.index;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.Inputs;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `Measure/drug-price-change/$evaluate-measure`: reads the question, hands it to the report.
public final class PriceMeasure {
    /// The Measure's id.
    public static final String ID = "drug-price-change";

    private static final long DAYS_MOST = 800;

    private final PriceReport reports;
    private final Catalogue catalogue;

    public PriceMeasure(PriceReport reports, Catalogue catalogue) {
        this.reports = reports;
        this.catalogue = catalogue;
    }

    /// Answers with a MeasureReport; too little data is one that says why nothing is shown.
    public Answer evaluate(Exchange exchange) {
        Inputs in = exchange.inputs();
        LocalDate start = in.date("periodStart");
        LocalDate end = in.date("periodEnd");
        LocalDate baselineStart = in.date("baselineStart");
        LocalDate baselineEnd = in.date("baselineEnd");
        Instant told = in.findInstant("asOf");
        Instant now = exchange.now();
        if (told != null && told.isAfter(now)) {
            in.refuse("asOf", "`" + told + "` is still to come.", "Send a moment that is over.");
        }
        order(in, "periodEnd", start, end);
        order(in, "baselineEnd", baselineStart, baselineEnd);
        var query =
                new PriceReport.Query(
                        baselineStart,
                        baselineEnd,
                        start,
                        end,
                        basis(in),
                        in.strings("organization"),
                        sets(in),
                        inHouse(in),
                        (told == null ? now : told).truncatedTo(ChronoUnit.MICROS));
        if (query.overlaps()) {
            in.refuse(
                    "periodStart",
                    "The baseline and the period overlap.",
                    "Send two periods that have no day in common.");
        }
        in.done();
        return Answer.ok(reports.answer(query));
    }

    private static void order(Inputs in, String end, LocalDate from, LocalDate to) {
        if (to.isBefore(from) || ChronoUnit.DAYS.between(from, to) > DAYS_MOST) {
            in.refuse(
                    end,
                    "From `" + from + "` to `" + to + "` is no period that can be evaluated.",
                    "It ends no earlier than it begins and within " + DAYS_MOST + " days.");
        }
    }

    private static PriceReport.Basis basis(Inputs in) {
        String code = in.findString("basis");
        for (PriceReport.Basis one : PriceReport.Basis.values()) {
            if (one.code().equals(code)) {
                return one;
            }
        }
        if (code != null) {
            String known = Arrays.toString(PriceReport.Basis.values());
            in.refuse("basis", "The basis is `" + code + "`.", "It is one of " + known + ".");
        }
        return PriceReport.Basis.ALL;
    }

    private static @Nullable Boolean inHouse(Inputs in) {
        String outlet = in.findString("outlet");
        if (outlet == null) {
            return null;
        }
        if (!outlet.equals("retail") && !outlet.equals("in-house")) {
            in.refuse("outlet", "`" + outlet + "` is no outlet.", "Send retail or in-house.");
        }
        return outlet.equals("in-house");
    }

    /// Drugs are named by the code of any of their packs.
    private List<String> sets(Inputs in) {
        List<String> sets = new ArrayList<>();
        for (String code : in.strings("drug")) {
            Drug drug = catalogue.find(code).orElse(null);
            if (drug == null) {
                in.refuse("drug", "`" + code + "` is no drug of the catalogue.", "Send its code.");
            } else {
                sets.add(drug.substitutionSet());
            }
        }
        return sets;
    }
}
