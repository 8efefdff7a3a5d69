package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.price.offer.Offer;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// The options of a comparison as Parameters, written straight: an encoder takes three times as
/// long for them as the whole comparison.
final class ComparisonJson {
    static byte[] parameters(
            List<Comparison.Option> options, Map<UUID, SaleStore.Honoured> honoured) {
        return FhirWriter.resource(
                "Parameters",
                json ->
                        json.list(
                                "parameter",
                                all -> {
                                    for (Comparison.Option option : options) {
                                        open(
                                                all,
                                                "option",
                                                parts -> option(parts, option, honoured));
                                    }
                                }));
    }

    private static void option(
            FhirWriter to, Comparison.Option option, Map<UUID, SaleStore.Honoured> honoured) {
        Part part = new Part(to);
        part.text("kind", "valueCode", option.kind());
        part.yuan("total", option.totalFen());
        Long pays = option.patientPaysFen();
        if (pays != null) {
            part.yuan("patient-pays", pays);
        }
        part.text("basis", "valueCode", option.basis().code());
        part.decimal("minutes", option.minutes(), 1);
        part.truth("exact", option.exact());
        part.integer("stops", option.stops().size());
        for (Comparison.Stop stop : option.stops()) {
            open(to, "stop", one -> stop(one, stop, honoured.get(stop.pharmacy().id())));
        }
        for (Comparison.Chosen line : option.lines()) {
            open(to, "line", one -> line(one, line));
        }
    }

    private static void stop(
            FhirWriter to, Comparison.Stop stop, SaleStore.@Nullable Honoured rate) {
        Part part = new Part(to);
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

    private static void line(FhirWriter to, Comparison.Chosen line) {
        Part part = new Part(to);
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

    private static void pharmacy(Part part, Organization pharmacy) {
        part.reference("pharmacy", "Organization/" + pharmacy.id(), pharmacy.name());
    }

    private static void open(FhirWriter to, String name, Consumer<FhirWriter> parts) {
        to.parameter(name, one -> one.list("part", parts));
    }

    private ComparisonJson() {}

    /// Writes one part after the other.
    private record Part(FhirWriter to) {
        void text(String name, String type, String value) {
            to.parameter(name, one -> one.string(type, value));
        }

        void integer(String name, int value) {
            to.parameter(name, one -> one.number("valueInteger", value));
        }

        void truth(String name, boolean value) {
            to.parameter(name, one -> one.truth("valueBoolean", value));
        }

        void decimal(String name, double value, int digits) {
            BigDecimal rounded = BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
            to.parameter(name, one -> one.number("valueDecimal", rounded));
        }

        void yuan(String name, long fen) {
            to.parameter(name, one -> one.money("valueMoney", fen));
        }

        void quantity(String name, BigDecimal value, String unit) {
            to.parameter(name, one -> one.quantity("valueQuantity", value, unit));
        }

        void reference(String name, String target, @Nullable String display) {
            to.parameter(
                    name,
                    one ->
                            one.object(
                                    "valueReference",
                                    x -> x.string("reference", target).string("display", display)));
        }
    }
}
