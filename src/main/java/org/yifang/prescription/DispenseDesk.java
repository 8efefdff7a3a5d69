package org.yifang.prescription;

import static org.yifang.platform.ProblemCode.*;

import io.vertx.pgclient.PgException;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.identity.DocumentKey;
import org.yifang.identity.Seal;
import org.yifang.platform.Caller;
import org.yifang.platform.Problem.Finding;
import org.yifang.platform.Tx;
import org.yifang.prescription.Decision.*;
import org.yifang.prescription.DispenseRules.Portion;
import org.yifang.prescription.DispenseStore.Kept;
import org.yifang.prescription.PrescriptionRow.LineDrug;

import java.math.BigDecimal;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Records what a pharmacy hands out: lines, packs and prescription change together or not at all.
final class DispenseDesk {
    /// Told of each line that was handed out, within the transaction: prices compare what was
    /// charged with what was shown.
    public interface Sold {
        void line(
                Tx tx,
                UUID dispense,
                UUID prescription,
                UUID line,
                UUID pharmacy,
                String drugCode,
                BigDecimal units,
                @Nullable Long priceFen,
                Instant handedOverAt,
                Instant now);

        /// Told of each take-back, within the transaction.
        ///
        /// @param valueFen the part of the charge that falls on it, null when none was told
        /// @param sellable whether it may be sold again: it never left the counter
        void takenBack(
                Tx tx,
                UUID dispense,
                String number,
                UUID prescription,
                UUID pharmacy,
                String drugCode,
                BigDecimal units,
                @Nullable Long valueFen,
                boolean sellable,
                Instant at);
    }

    /// What came of a call.
    ///
    /// @param dispenses those of the call, in its order
    record Result(PrescriptionDesk.Outcome outcome, List<Kept> dispenses) {}

    private final PrescriptionDesk desk;
    private final Catalogue catalogue;
    private final ClaimTokens tokens;
    private final Seal seal;
    private final Supplier<UUID> ids;
    private final String region;
    private final Sold sold;
    private final DispenseStore store = new DispenseStore();

    DispenseDesk(
            PrescriptionDesk desk,
            Catalogue catalogue,
            ClaimTokens tokens,
            Seal seal,
            Supplier<UUID> ids,
            String region,
            Sold sold) {
        this.desk = desk;
        this.catalogue = catalogue;
        this.tokens = tokens;
        this.seal = seal;
        this.ids = ids;
        this.region = region;
        this.sold = sold;
    }

    /// Hands out. A dispense that was recorded before is not recorded again.
    Result dispense(Caller caller, UUID task, String token, List<Handed> handed, boolean keep) {
        Map<String, Kept> kept = new HashMap<>();
        try {
            return dispense(caller, task, token, handed, keep, kept);
        } catch (PgException failure) {
            // Another counter sold the pack, or recorded the same number, between look and commit:
            // the second look tells which.
            boolean raced =
                    "trace_code_pack".equals(failure.getConstraint())
                            || "dispense_key".equals(failure.getConstraint());
            if (!raced) {
                throw failure;
            }
            kept.clear();
            return dispense(caller, task, token, handed, keep, kept);
        }
    }

    private Result dispense(
            Caller caller,
            UUID task,
            String token,
            List<Handed> handed,
            boolean keep,
            Map<String, Kept> kept) {
        PrescriptionDesk.Outcome outcome =
                desk.apply(
                        caller,
                        "dispense",
                        task,
                        row -> true,
                        PrescriptionDesk::withoutReason,
                        (tx, row, now) -> decide(tx, caller, row, token, handed, keep, now, kept));
        return new Result(
                outcome,
                handed.stream()
                        .map(DispenseDesk::key)
                        .distinct()
                        .map(kept::get)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private static String key(Handed one) {
        return one.system() + "|" + one.value();
    }

    private Decision decide(
            Tx tx,
            Caller caller,
            PrescriptionRow row,
            String token,
            List<Handed> handed,
            boolean keep,
            Instant now,
            Map<String, Kept> kept) {
        UUID pharmacy = caller.organizationId();
        List<Handed> fresh = new ArrayList<>();
        Map<String, Kept> before = new HashMap<>();
        store.byKeys(tx, pharmacy, handed.stream().map(Handed::value).toList())
                .forEach(one -> before.put(one.system() + "|" + one.value(), one));
        Map<String, Handed> seen = new HashMap<>();
        for (Handed one : handed) {
            Kept same = before.get(key(one));
            Handed twin = seen.putIfAbsent(key(one), one);
            if (twin != null && MessageDigest.isEqual(twin.hash(), one.hash())) {
                // One element twice in a call is one dispense, as it is in two calls.
                continue;
            }
            if (same == null && twin == null) {
                fresh.add(one);
            } else if (same != null
                    && twin == null
                    && same.prescription().equals(row.id())
                    && MessageDigest.isEqual(same.hash(), one.hash())) {
                kept.put(key(one), same);
            } else {
                return new Refused(
                        List.of(
                                new Finding(
                                        KEY_REUSED,
                                        "The identifier `"
                                                + one.value()
                                                + "` was used for another dispense.",
                                        "Give each dispense a number of its own.",
                                        one.expression() + ".identifier",
                                        false)));
            }
        }
        if (fresh.isEmpty()) {
            return new Unchanged(row.prescription());
        }
        int claim = tokens.number(row.id(), token);
        Refused not = DispenseRules.mayNot(row.prescription(), pharmacy, claim);
        return not == null ? handOut(tx, caller, row, fresh, keep, now, kept) : not;
    }

    private Decision handOut(
            Tx tx,
            Caller caller,
            PrescriptionRow row,
            List<Handed> handed,
            boolean keep,
            Instant now,
            Map<String, Kept> kept) {
        List<Finding> wrong = new ArrayList<>();
        List<Finding> products = new ArrayList<>();
        List<Finding> packs = new ArrayList<>();
        List<Portion> portions = new ArrayList<>();
        List<List<TraceCodes.Share>> shares = new ArrayList<>();
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
            about(row, one, line, drug, units, wrong, products);
            if (line == null || drug == null || units == null) {
                continue;
            }
            portions.add(new Portion(line.line(), units));
            shares.add(
                    one.traceCodes().isEmpty()
                            ? List.of()
                            : traces.share(drug, units, one.traceCodes(), one.expression(), packs));
        }
        Decision decision = DispenseRules.dispense(row.prescription(), portions, keep, now);
        List<Finding> findings = new ArrayList<>();
        packs.stream().filter(one -> one.code() == TRACE_CODE_SOLD).forEach(findings::add);
        if (decision instanceof Refused refused) {
            findings.addAll(refused.findings());
        }
        findings.addAll(products);
        packs.stream().filter(one -> one.code() != TRACE_CODE_SOLD).forEach(findings::add);
        findings.addAll(wrong);
        if (!findings.isEmpty()) {
            traces.report(caller.organizationId(), row.id(), ids, now);
            return new Refused(findings);
        }
        record(tx, caller, row, handed, portions, shares, traces, now, kept);
        return decision;
    }

    private static @Nullable LineDrug line(PrescriptionRow row, Handed handed) {
        return row.drugs().stream()
                .filter(one -> one.line().equals(handed.line()))
                .findFirst()
                .orElse(null);
    }

    /// What is wrong with one dispense against its line.
    private void about(
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
                            path + ".medicationCodeableConcept",
                            false));
        }
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
    }

    private void record(
            Tx tx,
            Caller caller,
            PrescriptionRow row,
            List<Handed> handed,
            List<Portion> portions,
            List<List<TraceCodes.Share>> shares,
            TraceCodes traces,
            Instant now,
            Map<String, Kept> kept) {
        Facts facts = row.prescription().facts();
        DocumentKey key = seal.documentKey(row.patientKey(), row.documentKey());
        int claim = facts.claim() == null ? 0 : facts.claim().number();
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < handed.size(); i++) {
            Handed one = handed.get(i);
            UUID id = ids.get();
            byte[] content = content(one, caller, row.frame().patient());
            byte[] sealed = key.seal(content, "MedicationDispense/" + id);
            BigDecimal units = portions.get(i).units();
            rows.add(
                    new Object[] {
                        id,
                        region,
                        row.id(),
                        one.line(),
                        row.frame().patient(),
                        caller.organizationId(),
                        one.system(),
                        one.value(),
                        one.hash(),
                        claim,
                        facts.fill(),
                        one.drugCode(),
                        units,
                        one.priceFen(),
                        one.preparer(),
                        one.checker(),
                        one.handedOverAt(),
                        sealed,
                        1L,
                        now,
                        now
                    });
            kept.put(
                    key(one),
                    new Kept(
                            id,
                            row.id(),
                            one.line(),
                            one.system(),
                            one.value(),
                            one.hash(),
                            facts.fill(),
                            one.drugCode(),
                            units,
                            BigDecimal.ZERO,
                            one.priceFen(),
                            sealed,
                            1,
                            now));
        }
        store.insert(tx, rows);
        for (int i = 0; i < handed.size(); i++) {
            Handed one = handed.get(i);
            Kept made = Objects.requireNonNull(kept.get(key(one)));
            traces.sell(made.id(), shares.get(i), now);
            sold.line(
                    tx,
                    made.id(),
                    row.id(),
                    one.line(),
                    caller.organizationId(),
                    one.drugCode(),
                    made.quantity(),
                    one.priceFen(),
                    one.handedOverAt(),
                    now);
        }
    }

    /// What was sent, with the patient and the pharmacy that the platform knows.
    private static byte[] content(Handed one, Caller caller, UUID patient) {
        var tree = DocumentParts.tree(one.content());
        tree.putObject("subject").put("reference", "Patient/" + patient);
        tree.withArray("performer")
                .addObject()
                .putObject("actor")
                .put("reference", "Organization/" + caller.organizationId());
        return DocumentParts.write(tree).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /// A take-back as the pharmacy sent it.
    record Returned(
            String system,
            String value,
            BigDecimal quantity,
            @Nullable String unit,
            Reason reason,
            List<String> traceCodes,
            String disposition,
            byte[] hash) {}

    /// Takes back what this pharmacy dispensed.
    Optional<Result> takeBack(Caller caller, UUID dispense, Returned returned) {
        Optional<UUID> task =
                desk.database()
                        .inTransaction(
                                tx -> store.prescriptionOf(tx, dispense, caller.organizationId()));
        if (task.isEmpty()) {
            return Optional.empty();
        }
        List<Kept> kept = new ArrayList<>();
        PrescriptionDesk.Outcome outcome =
                desk.apply(
                        caller,
                        "take-back",
                        task.get(),
                        row -> true,
                        PrescriptionDesk.because(returned.reason()),
                        (tx, row, now) -> {
                            kept.clear();
                            return takeBack(tx, caller, row, dispense, returned, now, kept);
                        });
        return Optional.of(new Result(outcome, kept));
    }

    private Decision takeBack(
            Tx tx,
            Caller caller,
            PrescriptionRow row,
            UUID dispense,
            Returned returned,
            Instant now,
            List<Kept> kept) {
        UUID pharmacy = caller.organizationId();
        Kept found = store.lock(tx, dispense);
        kept.add(found);
        Optional<DispenseStore.KeptTakeBack> same =
                store.takeBack(tx, pharmacy, returned.system(), returned.value());
        if (same.isPresent()) {
            return same.get().dispense().equals(dispense)
                            && MessageDigest.isEqual(same.get().hash(), returned.hash())
                    ? new Unchanged(row.prescription())
                    : new Refused(
                            KEY_REUSED,
                            "The identifier `"
                                    + returned.value()
                                    + "` was used for another take-back.",
                            "Give each take-back a number of its own.");
        }
        Drug drug = catalogue.find(found.drugCode()).orElse(null);
        BigDecimal units =
                returned.unit() == null || drug == null
                        ? returned.quantity()
                        : drug.preparationUnits(returned.quantity(), returned.unit()).orElse(null);
        if (units == null || !Quantities.isKept(units)) {
            return new Refused(
                    QUANTITY,
                    "The quantity is not above zero in a unit of this product, with at most four"
                            + " decimals.",
                    "Give what came back, in preparation or pack units.");
        }
        BigDecimal left = found.quantity().subtract(found.takenBack());
        if (units.compareTo(left) > 0) {
            return new Refused(
                    MORE_THAN_OPEN,
                    "`" + DispenseRules.plain(left) + "` can come back, not more.",
                    "Take back at most what was dispensed and has not come back yet.");
        }
        Refused codes = packs(tx, found, returned, units, now);
        if (codes != null) {
            return codes;
        }
        store.takeBack(
                tx,
                found,
                pharmacy,
                returned.system(),
                returned.value(),
                returned.hash(),
                units,
                returned.disposition(),
                returned.reason(),
                now);
        sold.takenBack(
                tx,
                dispense,
                returned.value(),
                row.id(),
                pharmacy,
                found.drugCode(),
                units,
                charged(found, found.takenBack().add(units), found.takenBack()),
                "never-left-counter".equals(returned.disposition()),
                now);
        kept.set(0, after(found, units, now));
        return new Changed(
                DispenseRules.takeBack(
                        row.prescription(), found.line(), units, found.fill(), now, desk.terms()));
    }

    /// The part of the charge between two quantities, so that the parts of a whole sum up to it.
    private static @Nullable Long charged(Kept found, BigDecimal to, BigDecimal from) {
        Long fen = found.priceFen();
        return fen == null ? null : part(fen, to, found) - part(fen, from, found);
    }

    private static long part(long fen, BigDecimal units, Kept found) {
        return BigDecimal.valueOf(fen)
                .multiply(units)
                .divide(found.quantity(), 0, java.math.RoundingMode.HALF_UP)
                .longValueExact();
    }

    private static Kept after(Kept found, BigDecimal units, Instant now) {
        return new Kept(
                found.id(),
                found.prescription(),
                found.line(),
                found.system(),
                found.value(),
                found.hash(),
                found.fill(),
                found.drugCode(),
                found.quantity(),
                found.takenBack().add(units),
                found.priceFen(),
                found.content(),
                found.version() + 1,
                now);
    }

    /// Only what never left the counter may be sold again; all else is remembered as withdrawn.
    private @Nullable Refused packs(
            Tx tx, Kept found, Returned returned, BigDecimal units, Instant now) {
        boolean sellable = "never-left-counter".equals(returned.disposition());
        ReturnedPacks packs =
                ReturnedPacks.of(
                        store.shares(tx, found.id()), returned.traceCodes(), units, sellable);
        for (ReturnedPacks.Part part : packs.parts()) {
            if (sellable) {
                store.free(tx, found.id(), part.code(), part.units(), now);
            } else {
                store.withdraw(tx, found.id(), part.code(), part.units());
            }
        }
        return packs.refused();
    }
}
