package org.yifang.prescription.counter;

import static org.yifang.platform.problem.ProblemCode.*;

import org.yifang.catalogue.Drug;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.prescription.counter.TraceCodeStore.Pack;
import org.yifang.prescription.life.DispenseRules;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Sees to it that no pack is sold twice: what is sold under one trace code, less what came back
/// without having left the counter, never exceeds its pack.
final class TraceCodes {
    /// What of which pack a dispense hands out.
    record Share(String code, Drug drug, BigDecimal units) {
        /// Whether it is less than the whole pack.
        boolean isPart() {
            return units.compareTo(BigDecimal.valueOf(drug.packFactor())) < 0;
        }
    }

    private final Tx tx;
    private final Map<String, Pack> packs = new HashMap<>();
    private final Set<String> suspicious = new LinkedHashSet<>();

    /// Locks the packs with these codes until the transaction ends.
    TraceCodes(Tx tx, List<String> codes) {
        this.tx = tx;
        if (codes.isEmpty()) {
            return;
        }
        packs.putAll(TraceCodeStore.lock(tx, codes));
    }

    /// Shares `units` of a product out to the packs with these codes, in their order.
    List<Share> share(
            Drug drug,
            BigDecimal units,
            List<String> codes,
            String expression,
            List<Finding> findings) {
        List<Share> shares = new ArrayList<>();
        BigDecimal left = units;
        boolean begun = false;
        for (String code : codes) {
            Pack pack =
                    packs.getOrDefault(
                            code,
                            new Pack(
                                    drug.code().value(),
                                    BigDecimal.valueOf(drug.packFactor()),
                                    BigDecimal.ZERO));
            BigDecimal room = pack.units().subtract(pack.sold());
            begun = begun || pack.sold().signum() > 0;
            if (room.signum() <= 0 || !pack.drugCode().equals(drug.code().value())) {
                sold(code, expression, findings);
                continue;
            }
            if (left.signum() == 0) {
                findings.add(
                        new Finding(
                                TRACE_CODE,
                                "There are more trace codes than packs were handed out.",
                                "Give the codes of the packs that were handed out.",
                                expression,
                                false));
                break;
            }
            BigDecimal part = room.min(left);
            left = left.subtract(part);
            packs.put(code, new Pack(pack.drugCode(), pack.units(), pack.sold().add(part)));
            shares.add(new Share(code, drug, part));
        }
        boolean clean = findings.isEmpty();
        if (clean && left.signum() > 0 && begun) {
            sold(codes.getLast(), expression, findings);
        } else if (clean && left.signum() > 0) {
            findings.add(
                    new Finding(
                            TRACE_CODE,
                            "The packs with these trace codes hold `"
                                    + DispenseRules.plain(left)
                                    + "` less than was handed out.",
                            "Give the trace code of every pack.",
                            expression,
                            false));
        }
        return shares;
    }

    private void sold(String code, String expression, List<Finding> findings) {
        suspicious.add(code);
        findings.add(
                new Finding(
                        TRACE_CODE_SOLD,
                        "The pack with trace code `" + code + "` has been sold already.",
                        "Take another pack and set this one aside: it may be a resold drug.",
                        expression,
                        false));
    }

    /// Records the shares of one dispense; travels with the commit.
    void sell(UUID dispense, List<Share> shares, Instant now) {
        if (shares.isEmpty()) {
            return;
        }
        TraceCodeStore.sell(
                tx,
                shares.stream()
                        .map(share ->
                                new TraceCodeStore.Sold(
                                        dispense,
                                        share.code(),
                                        share.drug().code().value(),
                                        BigDecimal.valueOf(share.drug().packFactor()),
                                        share.units(),
                                        now))
                        .toList());
    }

    /// Codes of packs that somebody wanted to sell a second time.
    List<String> suspicious() {
        return List.copyOf(suspicious);
    }
}
