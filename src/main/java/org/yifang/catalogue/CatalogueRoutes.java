package org.yifang.catalogue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Limits;
import org.yifang.platform.Role;

import java.nio.charset.StandardCharsets;

/// The catalogue over HTTP: reading and searching it, and `$import-catalogue` for the bureau.
public final class CatalogueRoutes {
    /// Refusals told in one answer: whoever has more has the same fault in all of them.
    private static final int ROWS_TOLD_MAX = 1_000;

    private final Catalogue catalogue;

    public CatalogueRoutes(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    public void mount(FhirRouter fhir) {
        fhir.mount(CatalogueFhir.stored());
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
        Catalogue.Import done =
                catalogue.importFile(file.getBytes(), exchange.caller().clientId(), exchange.now());
        return Answer.ok(report(done).encode().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonObject report(Catalogue.Import done) {
        JsonArray parameters =
                new JsonArray()
                        .add(text("version", String.valueOf(done.version())))
                        .add(number("accepted", done.report().accepted().size()))
                        .add(number("changed", done.changed()))
                        .add(number("refused", done.report().refusedRows()));
        done.report().refused().stream()
                .limit(ROWS_TOLD_MAX)
                .forEach(refusal -> parameters.add(row(refusal)));
        return new JsonObject().put("resourceType", "Parameters").put("parameter", parameters);
    }

    private static JsonObject row(CatalogueFile.Refusal refusal) {
        JsonArray parts = new JsonArray().add(number("line", refusal.line()));
        if (!refusal.code().isEmpty()) {
            parts.add(text("code", refusal.code()));
        }
        parts.add(text("column", refusal.column().header())).add(text("reason", refusal.reason()));
        return new JsonObject().put("name", "row").put("part", parts);
    }

    private static JsonObject number(String name, Number value) {
        return new JsonObject().put("name", name).put("valueInteger", value);
    }

    private static JsonObject text(String name, String value) {
        return new JsonObject().put("name", name).put("valueString", value);
    }
}
