package org.yifang.prescription.counter;

import static org.yifang.platform.problem.ProblemCode.TRACE_CODE;

import org.jspecify.annotations.Nullable;
import org.yifang.prescription.life.Decision.Refused;
import org.yifang.prescription.life.DispenseRules;
import org.yifang.prescription.life.DispenseStore.KeptShare;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// Which packs a take-back brings back. Each unit that comes back belongs to one pack for good, so
/// that a pack that was quarantined or destroyed is never taken for one that did not leave the
/// counter. Pure: no database, no HTTP.
///
/// @param parts what comes back of which pack; empty when the dispense named no packs
/// @param refused why it cannot be known or may not be, else null
record ReturnedPacks(List<Part> parts, @Nullable Refused refused) {
    /// What comes back of one pack.
    record Part(String code, BigDecimal units) {}

    /// @param shares what of which pack the dispense handed out
    /// @param codes those that the pharmacy scanned, perhaps none
    /// @param sellable whether what comes back never left the counter
    static ReturnedPacks of(
            List<KeptShare> shares, List<String> codes, BigDecimal units, boolean sellable) {
        List<String> named = codes.stream().distinct().toList();
        List<KeptShare> from = new ArrayList<>();
        for (String code : named) {
            KeptShare share =
                    shares.stream().filter(one -> one.code().equals(code)).findFirst().orElse(null);
            if (share == null) {
                return refused(
                        "The dispense handed out no pack with trace code `" + code + "`.",
                        "Scan the pack that came back.");
            }
            if (share.out().signum() == 0) {
                return refused(
                        "The pack with trace code `" + code + "` has come back already.",
                        "Scan the pack that came back.");
            }
            from.add(share);
        }
        if (named.isEmpty()) {
            shares.stream().filter(one -> one.out().signum() > 0).forEach(from::add);
        }
        BigDecimal out = from.stream().map(KeptShare::out).reduce(BigDecimal.ZERO, BigDecimal::add);
        Refused unclear = unclear(from, named, units, out, sellable);
        return unclear == null
                ? new ReturnedPacks(parts(from, units), null)
                : new ReturnedPacks(List.of(), unclear);
    }

    private static @Nullable Refused unclear(
            List<KeptShare> from,
            List<String> named,
            BigDecimal units,
            BigDecimal out,
            boolean sellable) {
        if (named.isEmpty() && from.size() > 1 && units.compareTo(out) < 0) {
            return new Refused(
                    TRACE_CODE,
                    "The dispense handed out several packs and only a part comes back; it is not"
                            + " said which.",
                    "Give `trace-code` of each pack that came back.");
        }
        if (!named.isEmpty() && units.compareTo(out) > 0) {
            return new Refused(
                    TRACE_CODE,
                    "Of the packs with these trace codes `"
                            + DispenseRules.plain(out)
                            + "` can come back, not more.",
                    "Give the trace code of every pack that came back.");
        }
        if (!named.isEmpty() && parts(from, units).size() < named.size()) {
            return new Refused(
                    TRACE_CODE,
                    "There are more trace codes than packs that came back.",
                    "Give the codes of the packs that came back.");
        }
        KeptShare spoiled =
                from.stream().filter(one -> one.withdrawn().signum() > 0).findFirst().orElse(null);
        return sellable && spoiled != null
                ? new Refused(
                        TRACE_CODE,
                        "A part of the pack with trace code `"
                                + spoiled.code()
                                + "` was quarantined or destroyed; it is never sold again.",
                        "Give the disposition `quarantine` or `destroy`.")
                : null;
    }

    /// Shares `units` out to the packs in their order.
    private static List<Part> parts(List<KeptShare> from, BigDecimal units) {
        List<Part> parts = new ArrayList<>();
        BigDecimal left = units;
        for (KeptShare share : from) {
            BigDecimal part = share.out().min(left);
            if (part.signum() > 0) {
                parts.add(new Part(share.code(), part));
                left = left.subtract(part);
            }
        }
        return parts;
    }

    private static ReturnedPacks refused(String detail, String remedy) {
        return new ReturnedPacks(List.of(), new Refused(TRACE_CODE, detail, remedy));
    }
}
