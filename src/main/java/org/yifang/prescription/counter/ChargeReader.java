package org.yifang.prescription.counter;

import static org.yifang.platform.problem.ProblemCode.PRICE_AND_SETTLEMENT;

import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.MedicationDispense;
import org.hl7.fhir.r4.model.Money;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.platform.problem.Problem.Finding;

import java.math.BigDecimal;
import java.util.List;

/// Reads what a dispense says was charged for it, and who paid which part.
final class ChargeReader {
    /// No line of a prescription costs more; whoever charges more has mistyped.
    private static final BigDecimal MOST_YUAN = new BigDecimal(1_000_000);

    private final MedicationDispense dispense;
    private final String path;
    private final List<Finding> findings;

    /// @param findings takes what is wrong
    ChargeReader(MedicationDispense dispense, String path, List<Finding> findings) {
        this.dispense = dispense;
        this.path = path;
        this.findings = findings;
    }

    private void refuse(String detail, String remedy) {
        findings.add(new Finding(PRICE_AND_SETTLEMENT, detail, remedy, path + ".extension", false));
    }

    /// The price charged, null when it is not told or cannot be read.
    @Nullable Long fen() {
        List<Extension> given = dispense.getExtensionsByUrl(FhirJson.EXTENSIONS + "price-charged");
        if (given.isEmpty() || !(given.getFirst().getValue() instanceof Money money)) {
            settlement(null);
            return null;
        }
        Long fen = fen(money);
        if (fen == null || fen < 0) {
            refuse(
                    "The price is no amount of yuan with at most two decimals, up to 1000000.00 a"
                            + " line.",
                    "Give `valueMoney` in CNY, not below zero; look for a typing error.");
        }
        settlement(fen);
        return fen;
    }

    private static @Nullable Long fen(Money money) {
        if (!money.hasValue() || (money.hasCurrency() && !"CNY".equals(money.getCurrency()))) {
            return null;
        }
        BigDecimal yuan = money.getValue();
        return yuan.abs().compareTo(MOST_YUAN) > 0 || yuan.stripTrailingZeros().scale() > 2
                ? null
                : yuan.movePointRight(2).longValueExact();
    }

    /// @param fen the price charged, null when it is not told or cannot be read
    private void settlement(@Nullable Long fen) {
        for (Extension settlement :
                dispense.getExtensionsByUrl(FhirJson.EXTENSIONS + "settlement")) {
            long sum = 0;
            boolean any = false;
            for (Extension part : settlement.getExtension()) {
                if (part.getValue() instanceof Money money) {
                    Long amount = fen(money);
                    if (amount == null) {
                        unreadablePart(part.getUrl());
                        return;
                    }
                    sum += amount;
                    any = true;
                }
            }
            if (any && fen != null && sum != fen) {
                refuse(
                        "The parts of the settlement sum to `"
                                + BigDecimal.valueOf(sum, 2)
                                + "`, the price is `"
                                + BigDecimal.valueOf(fen, 2)
                                + "`.",
                        "Fund, account, cash and other sum to the price charged.");
            }
        }
    }

    private void unreadablePart(String name) {
        refuse(
                "The part `"
                        + name
                        + "` of the settlement is no amount of yuan with at most two decimals, up"
                        + " to 1000000.00.",
                "Give `valueMoney` in CNY.");
    }
}
