package org.yifang.price.board;

import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.yifang.price.compare.SaleStore;
import org.yifang.price.offer.OfferFhir;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Past, held and charged prices, honoured rates and savings as Parameters.
final class PriceBoardFhir {
    private static final int DIGITS = 4;

    /// @param whole with what only seller and bureau see
    static Parameters told(String name, List<PriceBoardStore.BoardPrice> prices, boolean whole) {
        Parameters parameters = new Parameters();
        for (PriceBoardStore.BoardPrice price : prices) {
            ParametersParameterComponent part = parameters.addParameter().setName(name);
            part(part, "pharmacy", pharmacy(price.pharmacyId()));
            part(part, "drug", new CodeType(price.drugCode()));
            part(part, "price", OfferFhir.yuan(price.priceFen()));
            part(part, "unit-price", unitYuan((double) price.priceFen() / price.packUnits()));
            part(part, "price-type", new CodeType(price.type()));
            part(part, "observed", OfferFhir.instant(price.observed()));
            part(part, "received", OfferFhir.instant(price.received()));
            part(part, "source", new CodeType(price.source()));
            if (!whole) {
                continue;
            }
            part(part, "id", new StringType(price.id().toString()));
            part(part, "origin", new StringType(price.origin()));
            part(part, "status", new CodeType(status(price)));
            if (!price.flags().isEmpty()) {
                part(part, "flags", new StringType(price.flags()));
            }
            if (!price.evidence().isEmpty()) {
                part(part, "evidence", new StringType(price.evidence()));
            }
            decision(part, price);
        }
        return parameters;
    }

    private static String status(PriceBoardStore.BoardPrice price) {
        String decision = price.decision();
        return decision != null ? decision : price.held() ? "held" : "accepted";
    }

    private static void decision(
            ParametersParameterComponent part, PriceBoardStore.BoardPrice price) {
        String by = price.decidedBy();
        String reason = price.reason();
        Instant at = price.decidedAt();
        if (by != null && reason != null && at != null) {
            part(part, "decided-by", new StringType(by));
            part(part, "reason", new StringType(reason));
            part(part, "decided", OfferFhir.instant(at));
        }
    }

    /// @param named with the dispense: only for the patient and the hospital of the prescription
    static Parameters charged(String name, List<PriceBoardStore.Charged> sales, boolean named) {
        Parameters parameters = new Parameters();
        for (PriceBoardStore.Charged sale : sales) {
            ParametersParameterComponent part = parameters.addParameter().setName(name);
            if (named) {
                String id = sale.key().substring(sale.key().indexOf(' ') + 1);
                part(part, "dispense", new Reference("MedicationDispense/" + id));
            }
            part(part, "pharmacy", pharmacy(sale.pharmacyId()));
            part(part, "drug", new CodeType(sale.drugCode()));
            part(part, "quantity", new DecimalType(sale.quantity().stripTrailingZeros()));
            part(part, "charged", OfferFhir.yuan(sale.chargedFen()));
            part(part, "recorded", OfferFhir.instant(sale.recorded()));
            Long shown = sale.shownFen();
            Instant at = sale.shownAt();
            Boolean honoured = sale.honoured();
            if (shown != null && at != null && honoured != null) {
                part(part, "shown", OfferFhir.yuan(shown));
                part(part, "shown-at", OfferFhir.instant(at));
                part(part, "honoured", new BooleanType(honoured));
            }
            Long reference = sale.referenceFen();
            if (reference != null) {
                part(part, "reference", OfferFhir.yuan(reference));
                part(part, "saved", OfferFhir.yuan(reference - sale.chargedFen()));
            }
        }
        return parameters;
    }

    /// @param only the pharmacy to tell of; null for all
    static void rates(Parameters to, Map<UUID, SaleStore.Honoured> rates, @Nullable UUID only) {
        rates.entrySet().stream()
                .filter(one -> only == null || one.getKey().equals(only))
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> {
                    var part = to.addParameter().setName("pharmacy");
                    part(part, "pharmacy", pharmacy(one.getKey()));
                    part(part, "sales", new IntegerType(one.getValue().sales()));
                    part(part, "honoured", new IntegerType(one.getValue().honoured()));
                    part(part, "rate", decimal(one.getValue().rate()));
                });
    }

    static Parameters savings(SavingsRanking ranking, int most) {
        Parameters parameters = new Parameters();
        parameters.addParameter("total", OfferFhir.yuan(Math.round(ranking.totalFen())));
        parameters.addParameter("savings", new IntegerType(ranking.ranked().size()));
        for (SavingsRanking.Saving saving :
                ranking.ranked().subList(0, Math.min(most, ranking.ranked().size()))) {
            var part = parameters.addParameter().setName("saving");
            part(part, "pharmacy", pharmacy(saving.pharmacyId()));
            part(part, "substitution-set", new StringType(saving.group()));
            part(part, "units", decimal(saving.units()));
            part(part, "cost", OfferFhir.yuan(Math.round(saving.fen())));
            part(part, "unit-price", unitYuan(saving.fen() / saving.units()));
            part(part, "target-unit-price", unitYuan(saving.targetFen()));
            part(part, "possible", OfferFhir.yuan(Math.round(saving.possibleFen())));
        }
        return parameters;
    }

    private static Reference pharmacy(UUID id) {
        return new Reference("Organization/" + id);
    }

    private static DecimalType unitYuan(double fen) {
        return decimal(fen / 100);
    }

    static DecimalType decimal(double value) {
        return new DecimalType(BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.HALF_UP));
    }

    private static void part(ParametersParameterComponent to, String name, Type value) {
        to.addPart().setName(name).setValue(value);
    }

    private PriceBoardFhir() {}
}
