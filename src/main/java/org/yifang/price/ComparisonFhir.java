package org.yifang.price;

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Type;
import org.yifang.registry.Organization;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The options of a comparison as Parameters.
final class ComparisonFhir {
    static Parameters parameters(
            List<Comparison.Option> options, Map<UUID, SaleStore.Honoured> honoured) {
        Parameters parameters = new Parameters();
        for (Comparison.Option option : options) {
            ParametersParameterComponent out = parameters.addParameter().setName("option");
            part(out, "kind", new CodeType(option.kind()));
            part(out, "total", OfferFhir.yuan(option.totalFen()));
            Long pays = option.patientPaysFen();
            if (pays != null) {
                part(out, "patient-pays", OfferFhir.yuan(pays));
            }
            part(out, "basis", new CodeType(option.basis().code()));
            part(out, "minutes", minutes(option.minutes()));
            part(out, "stops", new IntegerType(option.stops().size()));
            option.stops().forEach(stop -> stop(out, stop, honoured));
            option.lines().forEach(line -> line(out, line));
        }
        return parameters;
    }

    private static void stop(
            ParametersParameterComponent out,
            Comparison.Stop stop,
            Map<UUID, SaleStore.Honoured> honoured) {
        ParametersParameterComponent part = out.addPart().setName("stop");
        part(part, "pharmacy", pharmacy(stop.pharmacy()));
        part(part, "travel-minutes", minutes(stop.travelMinutes()));
        part(part, "wait-minutes", minutes(stop.waitMinutes()));
        if (stop.opens() != null) {
            part(part, "opens", OfferFhir.instant(stop.opens()));
        }
        SaleStore.Honoured rate = honoured.get(stop.pharmacy().id());
        if (rate != null) {
            part(part, "honoured-rate", new DecimalType(rounded(rate.rate(), 3)));
        }
    }

    private static void line(ParametersParameterComponent out, Comparison.Chosen line) {
        ParametersParameterComponent part = out.addPart().setName("line");
        part(part, "line", new Reference("MedicationRequest/" + line.line().id()));
        part(part, "pharmacy", pharmacy(line.pharmacy()));
        part(
                part,
                "offer",
                new Reference("ChargeItemDefinition/" + line.offer().id())
                        .setDisplay(line.drug().display()));
        part(part, "packs", new IntegerType(Math.toIntExact(line.packs())));
        part(
                part,
                "surplus",
                new Quantity().setValue(line.surplus()).setUnit(line.drug().preparationUnit()));
        part(part, "price", OfferFhir.yuan(line.fen()));
        part(part, "pack-price", OfferFhir.yuan(line.offer().priceFen()));
        part(part, "price-type", new CodeType(line.offer().type().code()));
        part(part, "unit-price", new DecimalType(rounded(line.offer().unitFen() / 100, 4)));
        line.drug()
                .dailyDosesPerUnit()
                .map(doses -> line.offer().unitFen() / 100 / doses.doubleValue())
                .ifPresent(
                        yuan -> part(part, "daily-dose-price", new DecimalType(rounded(yuan, 4))));
        Double ratio = line.ratioUnitFen();
        if (ratio != null) {
            part(part, "ratio-unit-value", new DecimalType(rounded(ratio / 100, 4)));
        }
        part(part, "observed", OfferFhir.instant(line.offer().observed()));
        part(part, "freshness", new CodeType(line.freshness().code()));
        part(part, "equivalence", new CodeType(line.equivalence().name()));
        part(part, "volume-purchased", new BooleanType(line.drug().volumePurchased()));
    }

    private static Reference pharmacy(Organization pharmacy) {
        return new Reference("Organization/" + pharmacy.id()).setDisplay(pharmacy.name());
    }

    private static DecimalType minutes(double minutes) {
        return new DecimalType(rounded(minutes, 1));
    }

    private static BigDecimal rounded(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
    }

    private static void part(ParametersParameterComponent to, String name, Type value) {
        to.addPart().setName(name).setValue(value);
    }

    private ComparisonFhir() {}
}
