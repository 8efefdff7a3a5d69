package org.yifang.price.board;

import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Role;
import org.yifang.price.compare.Freshness;
import org.yifang.price.compare.SwapStore;
import org.yifang.price.compare.Swaps;
import org.yifang.registry.OpeningHours;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// What pharmacists should look at: swaps, with what each would save in a month.
public final class SwapProposalRoutes {
    private static final int DAYS = 30;
    private static final int SHOWN = 50;
    private static final int SHOWN_MOST = 1000;
    private static final int DIGITS = 4;

    private final SwapProposalStore store;
    private final SwapStore swaps;
    private final Catalogue catalogue;

    public SwapProposalRoutes(SwapProposalStore store, SwapStore swaps, Catalogue catalogue) {
        this.store = store;
        this.swaps = swaps;
        this.catalogue = catalogue;
    }

    public void mount(FhirRouter router) {
        router.mount(
                Operation.system("swap-proposals")
                        .roles(Role.REVIEWER, Role.PHARMACY, Role.BUREAU, Role.AUDITOR)
                        .reads()
                        .scope("Medication.r")
                        .handler(this::propose));
    }

    /// A pharmacy is told what it sold itself; what others sell is theirs.
    private Answer propose(Exchange exchange) {
        Inputs in = exchange.inputs();
        Integer count = in.findInteger("count");
        boolean madeUp = Boolean.TRUE.equals(in.findFlag("made-up"));
        if (count != null && (count < 1 || count > SHOWN_MOST)) {
            in.refuse("count", "`" + count + "` proposals.", "Send 1 to " + SHOWN_MOST + ".");
        }
        in.done();
        LocalDate today = exchange.now().atZone(OpeningHours.ZONE).toLocalDate();
        LocalDate from = today.minusDays(DAYS - 1);
        boolean own = exchange.caller().is(Role.PHARMACY);
        UUID seller = own ? exchange.caller().organizationId() : null;
        List<Drug> drugs = catalogue.entries().stream().map(Catalogue.Entry::drug).toList();
        List<SwapProposals.Proposal> found =
                new SwapProposals(
                                drugs,
                                store.medians(Freshness.shownSince(exchange.now())),
                                swaps.swaps(),
                                refused())
                        .of(store.sold(from, seller, madeUp));
        int most = count == null ? SHOWN : count;
        return Answer.ok(
                FhirWriter.parameters(all -> {
                    if (!madeUp) {
                        all.date("from", from).date("to", today);
                    }
                    all.integer("proposals", found.size());
                    found.stream()
                            .limit(most)
                            .forEach(one -> all.group("proposal", parts -> told(parts, one)));
                }));
    }

    private Set<Set<String>> refused() {
        return swaps.judgements().stream()
                .filter(one -> one.verdict() != Swaps.Verdict.EQUIVALENT)
                .map(one -> Set.of(one.one(), one.other()))
                .collect(Collectors.toSet());
    }

    private static void told(NamedValues parts, SwapProposals.Proposal one) {
        parts.code("one", one.one().code().value())
                .string("one-name", one.one().display())
                .string("one-maker", one.one().maker())
                .decimal("one-unit-price", one.oneFen() / 100, DIGITS)
                .code("other", one.other().code().value())
                .string("other-name", one.other().display())
                .string("other-maker", one.other().maker())
                .decimal("other-unit-price", one.otherFen() / 100, DIGITS)
                .string("unit", one.one().preparationUnit())
                .decimal("units", one.units(), DIGITS)
                .money("saving", Math.round(one.savedFen()))
                .code("level", one.level().name())
                .truth("approved", one.isApproved());
    }
}
