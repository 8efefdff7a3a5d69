package org.yifang.price.compare;

import com.fasterxml.jackson.core.JsonGenerator;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.price.offer.Offer;
import org.yifang.registry.Organization;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The options of a comparison as Parameters, written straight: an encoder takes three times as
/// long for them as the whole comparison.
final class ComparisonJson {
    static byte[] parameters(
            List<Comparison.Option> options, Map<UUID, SaleStore.Honoured> honoured) {
        return FhirJson.object(json -> {
            json.writeStringField("resourceType", "Parameters");
            if (options.isEmpty()) {
                return;
            }
            json.writeArrayFieldStart("parameter");
            for (Comparison.Option option : options) {
                open(json, "option");
                option(new Part(json), option, honoured);
                close(json);
            }
            json.writeEndArray();
        });
    }

    private static void option(
            Part part, Comparison.Option option, Map<UUID, SaleStore.Honoured> honoured)
            throws IOException {
        part.text("kind", "valueCode", option.kind());
        part.yuan("total", option.totalFen());
        Long pays = option.patientPaysFen();
        if (pays != null) {
            part.yuan("patient-pays", pays);
        }
        part.text("basis", "valueCode", option.basis().code());
        part.decimal("minutes", option.minutes(), 1);
        part.integer("stops", option.stops().size());
        for (Comparison.Stop stop : option.stops()) {
            open(part.json, "stop");
            stop(part, stop, honoured.get(stop.pharmacy().id()));
            close(part.json);
        }
        for (Comparison.Chosen line : option.lines()) {
            open(part.json, "line");
            line(part, line);
            close(part.json);
        }
    }

    private static void stop(Part part, Comparison.Stop stop, SaleStore.@Nullable Honoured rate)
            throws IOException {
        pharmacy(part, stop.pharmacy());
        part.decimal("travel-minutes", stop.travelMinutes(), 1);
        part.decimal("wait-minutes", stop.waitMinutes(), 1);
        if (stop.opens() != null) {
            part.text("opens", "valueInstant", FhirJson.instant(stop.opens()));
        }
        if (rate != null) {
            part.decimal("honoured-rate", rate.rate(), 3);
        }
    }

    private static void line(Part part, Comparison.Chosen line) throws IOException {
        Offer offer = line.offer();
        part.reference("line", "MedicationRequest/" + line.line().id(), null);
        pharmacy(part, line.pharmacy());
        part.reference("offer", "ChargeItemDefinition/" + offer.id(), line.drug().display());
        part.integer("packs", Math.toIntExact(line.packs()));
        part.quantity("surplus", line.surplus(), line.drug().preparationUnit());
        part.yuan("price", line.fen());
        part.yuan("pack-price", offer.priceFen());
        part.text("price-type", "valueCode", offer.type().code());
        part.decimal("unit-price", offer.unitFen() / 100, 4);
        BigDecimal doses = line.drug().dailyDosesPerUnit().orElse(null);
        if (doses != null) {
            part.decimal("daily-dose-price", offer.unitFen() / 100 / doses.doubleValue(), 4);
        }
        Double ratio = line.ratioUnitFen();
        if (ratio != null) {
            part.decimal("ratio-unit-value", ratio / 100, 4);
        }
        part.text("observed", "valueInstant", FhirJson.instant(offer.observed()));
        part.text("freshness", "valueCode", line.freshness().code());
        part.text("equivalence", "valueCode", line.equivalence().name());
        part.truth("volume-purchased", line.drug().volumePurchased());
    }

    private static void pharmacy(Part part, Organization pharmacy) throws IOException {
        part.reference("pharmacy", "Organization/" + pharmacy.id(), pharmacy.name());
    }

    private static void open(JsonGenerator json, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeArrayFieldStart("part");
    }

    private static void close(JsonGenerator json) throws IOException {
        json.writeEndArray();
        json.writeEndObject();
    }

    private ComparisonJson() {}

    /// Writes one part after the other.
    private record Part(JsonGenerator json) {
        public void text(String name, String type, String value) throws IOException {
            begin(name);
            json.writeStringField(type, value);
            json.writeEndObject();
        }

        void integer(String name, int value) throws IOException {
            begin(name);
            json.writeNumberField("valueInteger", value);
            json.writeEndObject();
        }

        void truth(String name, boolean value) throws IOException {
            begin(name);
            json.writeBooleanField("valueBoolean", value);
            json.writeEndObject();
        }

        void decimal(String name, double value, int digits) throws IOException {
            begin(name);
            json.writeFieldName("valueDecimal");
            number(BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP));
            json.writeEndObject();
        }

        void yuan(String name, long fen) throws IOException {
            begin(name);
            json.writeObjectFieldStart("valueMoney");
            json.writeFieldName("value");
            number(BigDecimal.valueOf(fen, 2));
            json.writeStringField("currency", "CNY");
            json.writeEndObject();
            json.writeEndObject();
        }

        void quantity(String name, BigDecimal value, String unit) throws IOException {
            begin(name);
            json.writeObjectFieldStart("valueQuantity");
            json.writeFieldName("value");
            number(value);
            json.writeStringField("unit", unit);
            json.writeEndObject();
            json.writeEndObject();
        }

        void reference(String name, String to, @Nullable String display) throws IOException {
            begin(name);
            json.writeObjectFieldStart("valueReference");
            json.writeStringField("reference", to);
            if (display != null) {
                json.writeStringField("display", display);
            }
            json.writeEndObject();
            json.writeEndObject();
        }

        /// With the digits that it has: they say how exact it is.
        private void number(BigDecimal value) throws IOException {
            json.writeNumber(value.toPlainString());
        }

        private void begin(String name) throws IOException {
            json.writeStartObject();
            json.writeStringField("name", name);
        }
    }
}
