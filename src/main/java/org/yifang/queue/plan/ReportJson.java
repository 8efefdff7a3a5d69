package org.yifang.queue.plan;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;

import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Consumer;

/// What the reports of all measures are written with.
public final class ReportJson {
    private static final String TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/";

    /// What stands between the extensions of a MeasureReport and its groups.
    public static void head(
            FhirWriter json, String measure, Instant written, LocalDate start, LocalDate end) {
        json.string("status", "complete")
                .string("type", "summary")
                .string("measure", "https://yifang.org/fhir/Measure/" + measure)
                .string("date", FhirJson.dateTime(written))
                .days("period", start, end);
        lessIsBetter(json);
    }

    static void lessIsBetter(FhirWriter json) {
        json.concept(
                "improvementNotation", TERMINOLOGY + "measure-improvement-notation", "decrease");
    }

    /// How many there are of something, into a list of populations.
    public static void population(FhirWriter all, String code, @Nullable String text, long count) {
        all.element(one ->
                one.concept("code", TERMINOLOGY + "measure-population", code, text)
                        .number("count", count));
    }

    /// A table, into the list of a group's stratifiers.
    public static void stratifier(FhirWriter all, String title, Consumer<FhirWriter> strata) {
        all.element(one -> one.list("code", codes -> codes.words(title)).list("stratum", strata));
    }

    private ReportJson() {}
}
