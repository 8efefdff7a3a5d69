package org.yifang.prescription.counter;

import static org.yifang.platform.problem.ProblemCode.*;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.catalogue.DrugKind;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.prescription.life.ClaimRules;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.PrescriptionRow.LineDrug;
import org.yifang.prescription.submit.DocumentRules;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/// What a dispense must be to fulfil its line.
final class HandedRules {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private final Catalogue catalogue;
    private final @Nullable LocalDate tracedFrom;

    /// @param tracedFrom from when on every pack needs its trace code, null while none does
    HandedRules(Catalogue catalogue, @Nullable LocalDate tracedFrom) {
        this.catalogue = catalogue;
        this.tracedFrom = tracedFrom;
    }

    /// What is wrong with one dispense against its line.
    ///
    /// @param line that it fulfils, null when it is none of this prescription
    /// @param drug that was handed out, null when the catalogue does not know it
    /// @param units of that drug, null when they cannot be reckoned
    /// @param wrong takes what is wrong with the dispense
    /// @param products takes what is wrong with the product
    void check(
            PrescriptionRow row,
            Handed handed,
            @Nullable LineDrug line,
            @Nullable Drug drug,
            @Nullable BigDecimal units,
            List<Finding> wrong,
            List<Finding> products) {
        String path = handed.expression();
        boolean another =
                handed.subject() != null && !handed.subject().equals(row.frame().patient());
        if (line == null || another) {
            wrong.add(
                    new Finding(
                            NOT_THIS_PRESCRIPTION,
                            another
                                    ? "The dispense names another patient."
                                    : "The dispense fulfils no line of this prescription.",
                            "Refer to the resources that `$claim` gave.",
                            path,
                            false));
        }
        if (handed.handedOverAt()
                .isBefore(row.frame().createdAt().minus(DocumentRules.TOLERANCE))) {
            wrong.add(
                    new Finding(
                            HANDED_OVER_WHEN,
                            "It was handed over at `"
                                    + ClaimRules.shown(handed.handedOverAt())
                                    + "`, before the prescription was taken in.",
                            "Set the clock of the counter; five minutes are tolerated.",
                            path + ".whenHandedOver",
                            false));
        }
        if (drug == null) {
            products.add(
                    new Finding(
                            NOT_THE_PRODUCT,
                            "The product `" + handed.drugCode() + "` is not in the catalogue.",
                            "Give the code of the product that was handed out.",
                            path + ".medicationCodeableConcept",
                            false));
            return;
        }
        product(handed, line, drug, products);
        if (units == null) {
            wrong.add(
                    new Finding(
                            QUANTITY,
                            "The quantity in `"
                                    + handed.unit()
                                    + "` does not come to units of this product, in at most four"
                                    + " decimals.",
                            "Give `" + drug.preparationUnit() + "` or `" + drug.packUnit() + "`.",
                            path + ".quantity",
                            false));
        }
        untraced(handed, drug, wrong);
    }

    /// Whether it is what the line prescribes.
    private void product(
            Handed handed, @Nullable LineDrug line, Drug drug, List<Finding> products) {
        Drug prescribed = line == null ? null : catalogue.find(line.drugCode()).orElse(null);
        if (line != null && prescribed != null && !drug.fulfils(prescribed, line.productOnly())) {
            products.add(
                    new Finding(
                            NOT_THE_PRODUCT,
                            "`" + drug.display() + "` is not what the line prescribes.",
                            line.productOnly()
                                    ? "Only the very product may be handed out."
                                    : "The same generic name, form and strength, of any maker"
                                            + " (药品管理法 art. 58).",
                            handed.expression() + ".medicationCodeableConcept",
                            false));
        }
    }

    /// Herbal pieces come without packs; everything else has its code from the day on that the
    /// region collects them all.
    private void untraced(Handed handed, Drug drug, List<Finding> wrong) {
        LocalDate day = LocalDate.ofInstant(handed.handedOverAt(), SHANGHAI);
        if (tracedFrom != null
                && !day.isBefore(tracedFrom)
                && handed.traceCodes().isEmpty()
                && drug.kind() != DrugKind.HERBAL) {
            wrong.add(
                    new Finding(
                            TRACE_CODE,
                            "Nothing was scanned; since `"
                                    + tracedFrom
                                    + "` every pack is dispensed with its trace code.",
                            "Give the extension `trace-code` of each pack (药品管理法 art. 36).",
                            handed.expression() + ".extension",
                            false));
        }
    }
}
