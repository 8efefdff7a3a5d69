package org.yifang.prescription.counter;

import static org.yifang.platform.problem.ProblemCode.KEY_REUSED;

import org.yifang.platform.Caller;
import org.yifang.platform.data.Fault;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.prescription.life.Act;
import org.yifang.prescription.life.Decision;
import org.yifang.prescription.life.Decision.*;
import org.yifang.prescription.life.DispenseRules;
import org.yifang.prescription.life.DispenseStore;
import org.yifang.prescription.life.DispenseStore.KeptDispense;
import org.yifang.prescription.life.PrescriptionDesk;
import org.yifang.prescription.life.PrescriptionRow;
import org.yifang.prescription.life.Reason;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// Records what a pharmacy hands out: lines, packs and prescription change together or not at all.
public final class DispenseDesk {
    /// Makes the answer to a call.
    interface Dispensed {
        /// @param dispenses those of the call, in its order
        /// @param warnings what is odd about them and stops nothing
        byte[] shown(PrescriptionRow row, List<KeptDispense> dispenses, List<Finding> warnings);
    }

    /// What a call has come to so far.
    static final class SoFar {
        private final Map<String, KeptDispense> kept = new HashMap<>();
        private final List<Finding> warnings = new ArrayList<>();

        /// A transaction that runs again tells all of it again.
        void clear() {
            kept.clear();
            warnings.clear();
        }

        void dispense(Handed handed, KeptDispense one) {
            kept.put(key(handed), one);
        }

        void warn(Finding one) {
            warnings.add(one);
        }

        private List<KeptDispense> inOrder(List<Handed> handed) {
            return handed.stream()
                    .map(DispenseDesk::key)
                    .distinct()
                    .map(kept::get)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }

    private final PrescriptionDesk desk;
    private final ClaimTokens tokens;
    private final HandOut handOut;
    private final DispenseStore store = new DispenseStore();

    public DispenseDesk(PrescriptionDesk desk, ClaimTokens tokens, HandOut handOut) {
        this.desk = desk;
        this.tokens = tokens;
        this.handOut = handOut;
    }

    /// Hands out. A dispense that was recorded before is not recorded again.
    PrescriptionDesk.Outcome dispense(
            Act act, UUID task, String token, List<Handed> handed, boolean keep, Dispensed answer) {
        try {
            return apply(act, task, token, handed, keep, answer);
        } catch (RuntimeException failure) {
            // Another counter sold the pack, or recorded the same number, between look and commit:
            // the second look tells which.
            boolean raced =
                    "trace_code_pack".equals(Fault.constraint(failure))
                            || "dispense_key".equals(Fault.constraint(failure));
            if (!raced) {
                throw failure;
            }
            return apply(act, task, token, handed, keep, answer);
        }
    }

    private PrescriptionDesk.Outcome apply(
            Act act, UUID task, String token, List<Handed> handed, boolean keep, Dispensed answer) {
        SoFar told = new SoFar();
        return desk.apply(
                act,
                task,
                Reason.NONE,
                (tx, row, now) -> decide(tx, act.caller(), row, token, handed, keep, now, told),
                (tx, row) -> answer.shown(row, told.inOrder(handed), told.warnings));
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
            SoFar told) {
        told.clear();
        UUID pharmacy = caller.organizationId();
        List<Handed> fresh = new ArrayList<>();
        Map<String, KeptDispense> before = new HashMap<>();
        store.byKeys(tx, pharmacy, handed.stream().map(Handed::value).toList())
                .forEach(one -> before.put(one.system() + "|" + one.value(), one));
        Map<String, Handed> seen = new HashMap<>();
        for (Handed one : handed) {
            KeptDispense same = before.get(key(one));
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
                told.dispense(one, same);
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
        return not == null ? handOut.handOut(tx, caller, row, fresh, keep, now, told) : not;
    }
}
