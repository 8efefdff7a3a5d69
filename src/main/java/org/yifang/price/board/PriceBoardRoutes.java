package org.yifang.price.board;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.price.compare.ComparisonDesk;
import org.yifang.price.compare.OpenPrescriptions;
import org.yifang.price.compare.SaleStore;
import org.yifang.price.compare.SwapStore;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What people look at to judge prices: past ones, held ones, those that were not kept to, and what
/// could be saved. Nothing here names a patient, but for the patient.
public final class PriceBoardRoutes {
    private static final int HISTORY_MOST = 1000;
    private static final int HELD_MOST = 1000;
    private static final int BREACHES_MOST = 1000;
    private static final int SAVINGS = 100;
    private static final int SAVINGS_MOST = 10_000;

    private final PriceBoardStore store;
    private final SwapStore swaps;
    private final OpenPrescriptions prescriptions;
    private final ComparisonDesk comparisons;

    public PriceBoardRoutes(
            PriceBoardStore store,
            SwapStore swaps,
            OpenPrescriptions prescriptions,
            ComparisonDesk comparisons) {
        this.store = store;
        this.swaps = swaps;
        this.prescriptions = prescriptions;
        this.comparisons = comparisons;
    }

    public void mount(FhirRouter router) {
        router.mount(
                Operation.instance("price-history", "ChargeItemDefinition")
                        .roles(Role.PHARMACY, Role.HOSPITAL, Role.PATIENT, Role.BUREAU)
                        .reads()
                        .scope("ChargeItemDefinition.r")
                        .handler(this::history));
        router.mount(
                Operation.system("held-prices")
                        .roles(Role.BUREAU, Role.PHARMACY)
                        .reads()
                        .scope("ChargeItemDefinition.r")
                        .handler(this::held));
        router.mount(
                Operation.instance("charged-prices", "Task")
                        .roles(Role.PATIENT, Role.HOSPITAL)
                        .reads()
                        .scope("Task.r")
                        .handler(this::charged));
        router.mount(
                Operation.system("honoured-prices")
                        .roles(Role.BUREAU, Role.PHARMACY)
                        .reads()
                        .scope("ChargeItemDefinition.r")
                        .handler(this::honoured));
        router.mount(
                Operation.system("price-savings")
                        .roles(Role.BUREAU, Role.AUDITOR)
                        .reads()
                        .scope("ChargeItemDefinition.r")
                        .handler(this::savings));
    }

    private Answer history(Exchange exchange) {
        exchange.inputs().done();
        Caller caller = exchange.caller();
        PriceBoardStore.Pack pack =
                store.pack(exchange.id())
                        .filter(one -> mayRead(caller, one.pharmacyId()))
                        .orElseThrow(() -> unknown(exchange.id()));
        // What was never in force is nobody's business but the seller's and the bureau's.
        boolean all = caller.is(Role.BUREAU) || caller.is(Role.PHARMACY);
        List<PriceBoardStore.BoardPrice> prices = store.history(pack, all, HISTORY_MOST);
        return Answer.ok(
                FhirWriter.parameters(to -> PriceBoardFhir.told(to, "event", prices, all)));
    }

    private static boolean mayRead(Caller caller, UUID pharmacy) {
        return !caller.is(Role.PHARMACY) || caller.organizationId().equals(pharmacy);
    }

    private static Problem unknown(UUID id) {
        return new Problem(
                ProblemCode.NOT_FOUND, "There is no ChargeItemDefinition `" + id + "` for you.");
    }

    private Answer held(Exchange exchange) {
        exchange.inputs().done();
        List<PriceBoardStore.BoardPrice> held = store.held(own(exchange.caller()), HELD_MOST);
        return Answer.ok(FhirWriter.parameters(to -> PriceBoardFhir.told(to, "held", held, true)));
    }

    /// A pharmacy sees its own; the bureau all.
    private static @Nullable UUID own(Caller caller) {
        return caller.is(Role.PHARMACY) ? caller.organizationId() : null;
    }

    private Answer charged(Exchange exchange) {
        exchange.inputs().done();
        UUID task = exchange.id();
        UUID patient = prescriptions.patientOf(task, exchange.caller());
        List<PriceBoardStore.Charged> sales = store.ofTask(task);
        return Answer.ok(
                        FhirWriter.parameters(
                                to -> PriceBoardFhir.charged(to, "dispense", sales, true)))
                .touching(List.of(patient), List.of(task));
    }

    private Answer honoured(Exchange exchange) {
        exchange.inputs().done();
        Instant now = exchange.now();
        UUID own = own(exchange.caller());
        List<PriceBoardStore.Charged> breaches =
                store.breaches(own, now.minus(ComparisonDesk.HONOURED_OVER), BREACHES_MOST);
        Map<UUID, SaleStore.Honoured> rates = comparisons.honouredNow(now);
        return Answer.ok(
                FhirWriter.parameters(to -> {
                    PriceBoardFhir.charged(to, "breach", breaches, false);
                    PriceBoardFhir.rates(to, rates, own);
                }));
    }

    private Answer savings(Exchange exchange) {
        Inputs in = exchange.inputs();
        LocalDate start = in.date("periodStart");
        LocalDate end = in.date("periodEnd");
        BigDecimal least = in.findDecimal("minimum-yuan");
        Integer count = in.findInteger("count");
        boolean madeUp = Boolean.TRUE.equals(in.findFlag("made-up"));
        if (end.isBefore(start)) {
            in.refuse("periodEnd", "`" + end + "` is before the start.", "Send a later day.");
        }
        if (count != null && (count < 1 || count > SAVINGS_MOST)) {
            in.refuse("count", "`" + count + "` rows.", "Send 1 to " + SAVINGS_MOST + ".");
        }
        in.done();
        SavingsRanking ranking =
                SavingsRanking.of(
                        store.sold(start, end, madeUp),
                        swaps.swaps(),
                        least == null ? 0 : least.movePointRight(2).longValue());
        int most = count == null ? SAVINGS : count;
        return Answer.ok(FhirWriter.parameters(to -> PriceBoardFhir.savings(to, ranking, most)));
    }
}
