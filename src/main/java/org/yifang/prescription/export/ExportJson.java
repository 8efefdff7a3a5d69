package org.yifang.prescription.export;

import org.yifang.export.ExportSource.Window;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;

/// The parts of which exported resources that tell of nobody are made.
final class ExportJson {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    static String pseudonym(Window window, String type, UUID id) {
        return window.pseudonyms().of(type, id).toString();
    }

    static void organization(FhirWriter json, String name, String number) {
        json.object(
                name,
                one ->
                        one.string("type", "Organization")
                                .identifier("identifier", FhirJson.SIDS + "nhsa-org", number));
    }

    static BigDecimal plain(BigDecimal value) {
        return new BigDecimal(value.stripTrailingZeros().toPlainString());
    }

    /// The hour would help to tell who it was.
    static String day(Instant at) {
        return at.atZone(SHANGHAI).toLocalDate().toString();
    }

    private ExportJson() {}
}
