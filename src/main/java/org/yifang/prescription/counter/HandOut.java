package org.yifang.prescription.counter;

import static org.yifang.platform.problem.ProblemCode.*;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.identity.seal.DocumentKey;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.prescription.life.Decision;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.DispenseRules;
import org.yifang.prescription.life.DispenseRules.Portion;
import org.yifang.prescription.life.DispenseStore;
import org.yifang.prescription.life.DispenseStore.KeptDispense;
import org.yifang.prescription.life.DispenseStore.NewDispense;
import org.yifang.prescription.life.Facts;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.PrescriptionRow.LineDrug;
import org.yifang.prescription.paper.DocumentParts;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What the counter hands out in one call: judged as a whole, recorded as a whole.
public final class HandOut {
    /// One dispense with what the platform made of it.
    private record Item(Handed handed, Drug drug, Portion portion, List<TraceCodes.Share> shares) {
        BigDecimal units() {
            return portion.units();
        }

        /// A part of a pack that is sold is a split, flagged or not.
        boolean split() {
            return handed.split() || shares.stream().anyMatch(TraceCodes.Share::isPart);
        }
    }

    private final Catalogue catalogue;
    private final Seal seal;
    private final Uuid7 ids;
    private final String region;
    private final HandedRules rules;
    private final Resales resales;
    private final Sold sold;
    private final DispenseStore store = new DispenseStore();

    /// @param ids makes UUIDv7
    /// @param region GB/T 2260, six digits
    /// @param tracedFrom from when on every pack needs its trace code, null while none does
    public HandOut(
            Catalogue catalogue,
            Seal seal,
            Uuid7 ids,
            String region,
            @Nullable LocalDate tracedFrom,
            Resales resales,
            Sold sold) {
        this.catalogue = catalogue;
        this.seal = seal;
        this.ids = ids;
        this.region = region;
        this.rules = new HandedRules(catalogue, tracedFrom);
        this.resales = resales;
        this.sold = sold;
    }

    /// Hands out what was not recorded before, or tells all that is wrong with it.
    ///
    /// @param told takes the dispenses made, and what is odd about them
    Decision handOut(
            Tx tx,
            Caller caller,
            PrescriptionRow row,
            List<Handed> handed,
            boolean keep,
            Instant now,
            DispenseDesk.SoFar told) {
        List<Finding> wrong = new ArrayList<>();
        List<Finding> products = new ArrayList<>();
        List<Finding> packs = new ArrayList<>();
        List<Item> items = new ArrayList<>();
        TraceCodes traces =
                new TraceCodes(
                        tx, handed.stream().flatMap(one -> one.traceCodes().stream()).toList());
        for (Handed one : handed) {
            Drug drug = catalogue.find(one.drugCode()).orElse(null);
            LineDrug line = line(row, one);
            BigDecimal units =
                    drug == null
                            ? null
                            : drug.preparationUnits(one.quantity(), one.unit())
                                    .filter(Quantities::isKept)
                                    .orElse(null);
            rules.check(row, one, line, drug, units, wrong, products);
            if (line == null || drug == null || units == null) {
                continue;
            }
            List<TraceCodes.Share> shares =
                    one.traceCodes().isEmpty()
                            ? List.of()
                            : traces.share(drug, units, one.traceCodes(), one.expression(), packs);
            items.add(new Item(one, drug, new Portion(line.line(), units), shares));
        }
        Decision decision =
                DispenseRules.dispense(
                        row.prescription(), items.stream().map(Item::portion).toList(), keep, now);
        List<Finding> findings = new ArrayList<>();
        packs.stream().filter(one -> one.code() == TRACE_CODE_SOLD).forEach(findings::add);
        if (decision instanceof Refused refused) {
            findings.addAll(refused.findings());
        }
        findings.addAll(products);
        packs.stream().filter(one -> one.code() != TRACE_CODE_SOLD).forEach(findings::add);
        findings.addAll(wrong);
        if (!findings.isEmpty()) {
            resales.report(tx, caller, row.id(), traces.suspicious(), now);
            return new Refused(findings);
        }
        record(tx, caller, row, items, traces, now, told);
        return decision;
    }

    private static @Nullable LineDrug line(PrescriptionRow row, Handed handed) {
        return row.drugs().stream()
                .filter(one -> one.line().equals(handed.line()))
                .findFirst()
                .orElse(null);
    }

    private void record(
            Tx tx,
            Caller caller,
            PrescriptionRow row,
            List<Item> items,
            TraceCodes traces,
            Instant now,
            DispenseDesk.SoFar told) {
        Facts facts = row.prescription().facts();
        DocumentKey key = seal.documentKey(row.patientKey(), row.documentKey());
        int claim = facts.claim() == null ? 0 : facts.claim().number();
        List<KeptDispense> made = new ArrayList<>();
        List<NewDispense> rows = new ArrayList<>();
        for (Item item : items) {
            Handed one = item.handed();
            UUID id = ids.get();
            byte[] content = content(one, caller, row.frame().patient());
            KeptDispense kept =
                    new KeptDispense(
                            id,
                            row.id(),
                            one.line(),
                            one.system(),
                            one.value(),
                            one.hash(),
                            facts.fill(),
                            one.drugCode(),
                            item.units(),
                            BigDecimal.ZERO,
                            one.priceFen(),
                            key.seal(content, "MedicationDispense/" + id),
                            1,
                            now);
            made.add(kept);
            told.dispense(one, kept);
            rows.add(
                    new NewDispense(
                            kept,
                            region,
                            row.frame().patient(),
                            caller.organizationId(),
                            claim,
                            one.preparer(),
                            one.checker(),
                            one.handedOverAt(),
                            one.handedOverTo(),
                            one.furtherTokens()));
        }
        store.insert(tx, rows);
        for (int i = 0; i < items.size(); i++) {
            traces.sell(made.get(i).id(), items.get(i).shares(), now);
            sold(tx, caller, items.get(i), made.get(i), now, told);
        }
    }

    private void sold(
            Tx tx,
            Caller caller,
            Item item,
            KeptDispense made,
            Instant now,
            DispenseDesk.SoFar told) {
        Handed one = item.handed();
        Long costs =
                sold.out(
                        tx,
                        new Sold.Out(
                                made.id(),
                                made.prescription(),
                                one.line(),
                                caller.organizationId(),
                                one.drugCode(),
                                item.units(),
                                item.split(),
                                one.priceFen(),
                                one.handedOverAt(),
                                now));
        Long charged = one.priceFen();
        if (item.split() && costs != null && charged != null && charged > costs) {
            told.warn(
                    new Finding(
                            SPLIT_PRICE,
                            "`%s` was charged for a part of a pack that comes to `%s`."
                                    .formatted(yuan(charged), yuan(costs)),
                            "Charge the share of the pack's price; the rest of it is sold to"
                                    + " others. Take it back and dispense it anew if it was a"
                                    + " mistake.",
                            one.expression() + ".extension",
                            true));
        }
    }

    private static BigDecimal yuan(long fen) {
        return BigDecimal.valueOf(fen, 2);
    }

    /// What was sent, with the patient and the pharmacy that the platform knows.
    private static byte[] content(Handed one, Caller caller, UUID patient) {
        var tree = DocumentParts.tree(one.content());
        tree.putObject("subject").put("reference", "Patient/" + patient);
        tree.withArray("performer")
                .addObject()
                .putObject("actor")
                .put("reference", "Organization/" + caller.organizationId());
        return DocumentParts.write(tree).getBytes(StandardCharsets.UTF_8);
    }
}
