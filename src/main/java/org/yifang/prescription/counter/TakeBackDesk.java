package org.yifang.prescription.counter;

import static org.yifang.platform.problem.ProblemCode.*;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.platform.Caller;
import org.yifang.platform.data.Tx;
import org.yifang.prescription.life.Act;
import org.yifang.prescription.life.Decision;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.DispenseRules;
import org.yifang.prescription.life.DispenseStore;
import org.yifang.prescription.life.DispenseStore.KeptDispense;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Reason;
import org.yifang.prescription.life.Unsealing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Records what comes back to a pharmacy of what it handed out.
public final class TakeBackDesk {
    private final PrescriptionDesk desk;
    private final Catalogue catalogue;
    private final Sold sold;
    private final DispenseStore store = new DispenseStore();

    public TakeBackDesk(PrescriptionDesk desk, Catalogue catalogue, Sold sold) {
        this.desk = desk;
        this.catalogue = catalogue;
        this.sold = sold;
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
            byte[] hash) {
        Returned sealed(UnaryOperator<String> seal) {
            return new Returned(
                    system,
                    value,
                    quantity,
                    unit,
                    reason.sealed(seal),
                    traceCodes,
                    disposition,
                    hash);
        }
    }

    /// What came of a take-back.
    ///
    /// @param dispense what was handed out, as it stands now
    record Result(PrescriptionDesk.Outcome outcome, KeptDispense dispense) {}

    /// Takes back what this pharmacy dispensed.
    Optional<Result> takeBack(Act act, UUID dispense, Returned returned, Unsealing unsealing) {
        Caller caller = act.caller();
        Optional<UUID> task =
                desk.database()
                        .inTransaction(
                                tx -> store.prescriptionOf(tx, dispense, caller.organizationId()));
        if (task.isEmpty()) {
            return Optional.empty();
        }
        List<KeptDispense> kept = new ArrayList<>();
        PrescriptionDesk.Outcome outcome =
                desk.apply(
                        // The version asked for is that of the dispense, not that of its Task.
                        act.by(caller.expecting(null)),
                        task.get(),
                        returned.reason(),
                        (tx, row, now) -> {
                            kept.clear();
                            return takeBack(
                                    tx,
                                    caller,
                                    row,
                                    dispense,
                                    returned.sealed(text -> unsealing.sealed(row, text)),
                                    now,
                                    kept);
                        },
                        (tx, row) -> unsealing.dispense(row, kept.getFirst()));
        return Optional.of(new Result(outcome, kept.getFirst()));
    }

    private Decision takeBack(
            Tx tx,
            Caller caller,
            PrescriptionRow row,
            UUID dispense,
            Returned returned,
            Instant now,
            List<KeptDispense> kept) {
        UUID pharmacy = caller.organizationId();
        KeptDispense found = store.lock(tx, dispense);
        kept.add(found);
        Optional<DispenseStore.KeptTakeBack> same =
                store.takeBack(tx, pharmacy, returned.system(), returned.value());
        if (same.isPresent()) {
            return repeated(row, same.get(), dispense, returned);
        }
        PrescriptionDesk.requireVersion(caller, found.version());
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
        sold.back(
                tx,
                new Sold.Back(
                        dispense,
                        returned.value(),
                        row.id(),
                        pharmacy,
                        found.drugCode(),
                        units,
                        charged(found, found.takenBack().add(units), found.takenBack()),
                        "never-left-counter".equals(returned.disposition()),
                        now));
        kept.set(0, found.after(units, now));
        return new Changed(
                DispenseRules.takeBack(
                        row.prescription(), found.line(), units, found.fill(), now, desk.terms()));
    }

    private static Decision repeated(
            PrescriptionRow row,
            DispenseStore.KeptTakeBack same,
            UUID dispense,
            Returned returned) {
        return same.dispense().equals(dispense)
                        && MessageDigest.isEqual(same.hash(), returned.hash())
                ? new Unchanged(row.prescription())
                : new Refused(
                        KEY_REUSED,
                        "The identifier `" + returned.value() + "` was used for another take-back.",
                        "Give each take-back a number of its own.");
    }

    /// The part of the charge between two quantities, so that the parts of a whole sum up to it.
    private static @Nullable Long charged(KeptDispense found, BigDecimal to, BigDecimal from) {
        Long fen = found.priceFen();
        return fen == null ? null : part(fen, to, found) - part(fen, from, found);
    }

    private static long part(long fen, BigDecimal units, KeptDispense found) {
        return BigDecimal.valueOf(fen)
                .multiply(units)
                .divide(found.quantity(), 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /// Only what never left the counter may be sold again; all else is remembered as withdrawn.
    private @Nullable Refused packs(
            Tx tx, KeptDispense found, Returned returned, BigDecimal units, Instant now) {
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
