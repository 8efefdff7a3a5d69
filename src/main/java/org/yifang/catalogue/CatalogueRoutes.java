package org.yifang.catalogue;

import io.vertx.core.buffer.Buffer;

import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;

/// The catalogue over HTTP: reading and searching it, and `$import-catalogue` for the bureau.
public final class CatalogueRoutes {
    /// Refusals told in one answer: whoever has more has the same fault in all of them.
    private static final int ROWS_TOLD_MAX = 1_000;

    private final Catalogue catalogue;

    public CatalogueRoutes(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(DrugViews.stored());
        fhir.mount(
                Operation.system("import-catalogue")
                        .roles(Role.BUREAU)
                        .scope("Medication.u")
                        .consumes("text/csv")
                        .streamed(Limits.CATALOGUE_BYTES)
                        .handler(this::importFile));
    }

    private Answer importFile(Exchange exchange) {
        Buffer file = Buffer.buffer();
        exchange.stream(file::appendBuffer);
        byte[] bytes = file.getBytes();
        String by = exchange.caller().clientId();
        return exchange.recorded(
                () -> Answer.ok(report(catalogue.importFile(bytes, by, exchange.now()))));
    }

    private static byte[] report(Catalogue.Import done) {
        return FhirWriter.parameters(all -> {
            all.string("version", String.valueOf(done.version()))
                    .integer("accepted", done.report().accepted().size())
                    .integer("changed", done.changed())
                    .integer("refused", done.report().refusedRows());
            done.report().refused().stream()
                    .limit(ROWS_TOLD_MAX)
                    .forEach(one -> all.group("row", row -> row(row, one)));
        });
    }

    private static void row(NamedValues parts, CatalogueFile.Refusal refusal) {
        parts.integer("line", refusal.line());
        if (!refusal.code().isEmpty()) {
            parts.string("code", refusal.code());
        }
        parts.string("column", refusal.column().header()).string("reason", refusal.reason());
    }
}
