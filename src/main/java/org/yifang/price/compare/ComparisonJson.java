package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.price.offer.Offer;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The options of a comparison as Parameters, written straight: an encoder takes three times as
/// long for them as the whole comparison.
public final class ComparisonJson {
    static byte[] parameters(
            List<Comparison.Option> options,
            Map<UUID, SaleStore.Honoured> honoured,
            Map<UUID, Instant> held,
            List<PriceAlert> waited) {
        return FhirWriter.parameters(all -> {
            for (Comparison.Option option : options) {
                all.group("option", parts -> option(parts, option, honoured, held));
            }
            for (PriceAlert alert : waited) {
                all.group("alert", parts -> alert(parts, alert));
            }
        });
    }

    /// What price the patient waits for, and where it was first asked.
    public static void alert(NamedValues part, PriceAlert alert) {
        part.reference("line", "MedicationRequest/" + alert.line());
        part.decimal("unit-price", alert.thresholdFen().doubleValue() / 100, 4);
        part.instant("created", alert.created());
        PriceAlert.Reached reached = alert.reached();
        if (reached != null) {
            part.instant("reached", reached.at());
            part.decimal("reached-unit-price", reached.unitFen().doubleValue() / 100, 4);
            part.reference("pharmacy", "Organization/" + reached.pharmacy());
        }
    }

    private static void option(
            NamedValues part,
            Comparison.Option option,
            Map<UUID, SaleStore.Honoured> honoured,
            Map<UUID, Instant> held) {
        part.code("kind", option.kind());
        part.money("total", option.totalFen());
        Long pays = option.patientPaysFen();
        if (pays != null) {
            part.money("patient-pays", pays);
        }
        part.code("basis", option.basis().code());
        part.decimal("minutes", option.minutes(), 1);
        part.truth("exact", option.exact());
        part.integer("stops", option.stops().size());
        for (Comparison.Stop stop : option.stops()) {
            UUID pharmacy = stop.pharmacy().id();
            part.group("stop", one -> stop(one, stop, honoured.get(pharmacy), held.get(pharmacy)));
        }
        for (Comparison.Chosen line : option.lines()) {
            part.group("line", one -> line(one, line));
        }
    }

    private static void stop(
            NamedValues part,
            Comparison.Stop stop,
            SaleStore.@Nullable Honoured rate,
            @Nullable Instant held) {
        pharmacy(part, stop.pharmacy());
        part.decimal("travel-minutes", stop.travelMinutes(), 1);
        part.decimal("wait-minutes", stop.waitMinutes(), 1);
        if (stop.opens() != null) {
            part.instant("opens", stop.opens());
        }
        if (rate != null) {
            part.decimal("honoured-rate", rate.rate(), 3);
        }
        if (held != null) {
            part.instant("held-until", held);
        }
    }

    private static void line(NamedValues part, Comparison.Chosen line) {
        Offer offer = line.offer();
        part.reference("line", "MedicationRequest/" + line.line().id());
        pharmacy(part, line.pharmacy());
        part.reference("offer", "ChargeItemDefinition/" + offer.id(), line.drug().display());
        part.integer("packs", line.packs());
        part.quantity("surplus", line.surplus(), line.drug().preparationUnit());
        part.money("price", line.fen());
        part.money("pack-price", offer.priceFen());
        part.code("price-type", offer.type().code());
        part.decimal("unit-price", offer.unitFen() / 100, 4);
        BigDecimal doses = line.drug().dailyDosesPerUnit().orElse(null);
        if (doses != null) {
            part.decimal("daily-dose-price", offer.unitFen() / 100 / doses.doubleValue(), 4);
        }
        Double ratio = line.ratioUnitFen();
        if (ratio != null) {
            part.decimal("ratio-unit-value", ratio / 100, 4);
        }
        part.instant("observed", offer.observed());
        part.code("freshness", line.freshness().code());
        part.code("equivalence", line.equivalence().name());
        part.truth("volume-purchased", line.drug().volumePurchased());
    }

    private static void pharmacy(NamedValues part, Organization pharmacy) {
        part.reference("pharmacy", "Organization/" + pharmacy.id(), pharmacy.name());
    }

    private ComparisonJson() {}
}
