package org.yifang.queue.plan;

import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.MeasureReport.StratifierGroupComponent;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// The tables of a report as one file: group, table, row, column, value, and for an interval both
/// ends; the sentence stands first.
public final class ReportCsv {
    private final StringBuilder file =
            // Without the mark spreadsheets take Chinese for something else.
            new StringBuilder("\uFEFFgroup,table,row,column,value,low,high,unit\r\n");

    /// All tables of a report, UTF-8.
    public static byte[] of(MeasureReport report) {
        ReportCsv csv = new ReportCsv();
        report.getExtension().forEach(one -> csv.extension("", "report", "", one));
        for (MeasureReportGroupComponent group : report.getGroup()) {
            csv.group(group);
        }
        return csv.file.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void group(MeasureReportGroupComponent group) {
        String name = group.getCode().getText();
        String title = name == null ? group.getCode().getCodingFirstRep().getCode() : name;
        if (group.hasMeasureScore()) {
            Extension interval = group.getMeasureScore().getExtensionFirstRep();
            Type range = interval.getValue();
            line(title, "score", "", "measure-score", group.getMeasureScore(), range);
        }
        group.getPopulation()
                .forEach(one ->
                        line(
                                title,
                                "population",
                                one.getCode().getCodingFirstRep().getCode(),
                                "count",
                                String.valueOf(one.getCount())));
        group.getExtension().forEach(one -> extension(title, "group", "", one));
        group.getStratifier()
                .forEach(stratifier -> {
                    String table = stratifier.getCodeFirstRep().getText();
                    stratifier.getStratum().forEach(one -> stratum(title, table, one));
                });
    }

    private void stratum(String group, @Nullable String table, StratifierGroupComponent stratum) {
        String of = table == null ? "stratum" : table;
        String row =
                stratum.hasValue()
                        ? stratum.getValue().getText()
                        : stratum.getComponent().stream()
                                .map(one -> one.getValue().getText())
                                .collect(Collectors.joining(" "));
        stratum.getPopulation()
                .forEach(one -> line(group, of, row, "count", String.valueOf(one.getCount())));
        if (stratum.hasMeasureScore()) {
            line(group, of, row, "measure-score", stratum.getMeasureScore(), null);
        }
        stratum.getExtension().forEach(one -> extension(group, of, row, one));
    }

    private void extension(String group, String table, String row, Extension extension) {
        String name = extension.getUrl().substring(extension.getUrl().lastIndexOf('/') + 1);
        if (extension.hasValue()) {
            value(group, table, row, name, extension.getValue());
            return;
        }
        List<Extension> parts = extension.getExtension();
        // A row is named by its first text or code: a line of the verdict, a month.
        String first =
                parts.isEmpty() || !parts.getFirst().hasValue()
                        ? ""
                        : String.valueOf(parts.getFirst().getValue().primitiveValue());
        for (Extension part : parts) {
            extension(group, name, row.isEmpty() ? first : row, part);
        }
    }

    private void value(String group, String table, String row, String column, Type value) {
        switch (value) {
            case Range range -> line(group, table, row, column, range.getLow(), range);
            case Quantity quantity -> line(group, table, row, column, quantity, null);
            case Period period ->
                    line(
                            group,
                            table,
                            row,
                            column,
                            period.getStartElement().getValueAsString()
                                    + "/"
                                    + period.getEndElement().getValueAsString());
            case Reference reference -> line(group, table, row, column, reference.getReference());
            default -> line(group, table, row, column, String.valueOf(value.primitiveValue()));
        }
    }

    private void line(
            String group,
            String table,
            String row,
            String column,
            Quantity value,
            @Nullable Type range) {
        @SuppressWarnings("ReferenceEquality") // The quantity that was taken from the range itself.
        boolean isRange = range instanceof Range one && one.getLow() == value;
        cells(
                group,
                table,
                row,
                column,
                isRange ? "" : value.getValue().toPlainString(),
                range instanceof Range one ? one.getLow().getValue().toPlainString() : "",
                range instanceof Range one ? one.getHigh().getValue().toPlainString() : "",
                value.hasUnit() ? value.getUnit() : "");
    }

    private void line(String group, String table, String row, String column, String value) {
        cells(group, table, row, column, value, "", "", "");
    }

    private void cells(String... cells) {
        for (int i = 0; i < cells.length; i++) {
            file.append(i == 0 ? "" : ",").append(escaped(cells[i]));
        }
        file.append("\r\n");
    }

    /// Quoted where need be; what a spreadsheet would take for a formula is kept a text.
    private static String escaped(@Nullable String cell) {
        String text = cell == null ? "" : cell;
        if (!text.isEmpty() && "=@\t\r".indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private ReportCsv() {}
}
