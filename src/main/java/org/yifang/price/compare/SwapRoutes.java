package org.yifang.price.compare;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.catalogue.Drug;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.json.NamedValues;
import org.yifang.fhir.rest.Answer;
import org.yifang.fhir.rest.Exchange;
import org.yifang.fhir.rest.FhirRouter;
import org.yifang.fhir.rest.Inputs;
import org.yifang.fhir.rest.Operation;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.registry.OpeningHours;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What the county's pharmacists hold for equivalent, and what not: told, and read by everybody.
public final class SwapRoutes {
    private final SwapStore book;
    private final Catalogue catalogue;

    public SwapRoutes(SwapStore book, Catalogue catalogue) {
        this.book = book;
        this.catalogue = catalogue;
    }

    public void mount(FhirRouter router) {
        router.mount(
                Operation.system("judge-swap")
                        .roles(Role.BUREAU, Role.REVIEWER)
                        .scope("Medication.u")
                        .handler(this::judge));
        router.mount(
                Operation.system("swaps")
                        .roles(
                                Role.BUREAU,
                                Role.AUDITOR,
                                Role.PHARMACY,
                                Role.HOSPITAL,
                                Role.REVIEWER,
                                Role.PATIENT)
                        .reads()
                        .scope("Medication.r")
                        .handler(_ -> list(book.judgements())));
    }

    private Answer judge(Exchange exchange) {
        Inputs in = exchange.inputs();
        Drug one = drug(in, "one");
        Drug other = drug(in, "other");
        Swaps.Verdict verdict = verdict(in);
        String approver = in.string("approver");
        String reason = in.string("reason");
        LocalDate today = exchange.now().atZone(OpeningHours.ZONE).toLocalDate();
        LocalDate told = in.findDate("on");
        if (told != null && told.isAfter(today)) {
            in.refuse("on", "`" + told + "` is still to come.", "Send the day of the decision.");
        }
        if (one != null && other != null) {
            check(in, one, other, verdict);
        }
        ownName(in, exchange.caller(), approver);
        in.done();
        Drug left = Objects.requireNonNull(one, "what is missing was refused");
        Drug right = Objects.requireNonNull(other, "what is missing was refused");
        boolean sets = !left.substitutionSet().equals(right.substitutionSet());
        Swaps.Judgement judgement =
                new Swaps.Judgement(
                        sets ? left.substitutionSet() : left.code().value(),
                        sets ? right.substitutionSet() : right.code().value(),
                        verdict,
                        approver,
                        told == null ? today : told,
                        reason);
        return exchange.recorded(() -> list(book.judge(judgement, exchange.now())));
    }

    /// Whoever judges as a pharmacist does so in the own name; a program says who that is.
    private static void ownName(Inputs in, Caller caller, String approver) {
        String person = caller.person().id();
        if (!caller.is(Role.REVIEWER) || approver.equals(person)) {
            return;
        }
        if (person == null) {
            in.refuse(
                    "approver",
                    "The field `subject_id` of the token is missing.",
                    "Name the person behind the call when asking for the token, in the assertion"
                            + " (`extensions.hl7-b2b`) or as a form field.");
        } else {
            in.refuse(
                    "approver",
                    "`" + approver + "` is not who calls.",
                    "A reviewing pharmacist judges in the own name: send `" + person + "`.");
        }
    }

    /// Sets are joined; products of one set are not, they hold for equal already.
    private static void check(Inputs in, Drug one, Drug other, Swaps.Verdict verdict) {
        boolean sameSet = one.substitutionSet().equals(other.substitutionSet());
        if (one.code().equals(other.code())) {
            in.refuse("other", "Both are the same product.", "Name two products.");
        } else if (verdict == Swaps.Verdict.EQUIVALENT && sameSet) {
            in.refuse(
                    "verdict",
                    "Both are of the substitution set `" + one.substitutionSet() + "` already.",
                    "Name drugs of two sets.");
        }
        boolean mayCross = one.comparableAcrossMakers() && other.comparableAcrossMakers();
        if (verdict == Swaps.Verdict.EQUIVALENT && !mayCross) {
            in.refuse(
                    "verdict",
                    "Drugs of a narrow therapeutic index, inhalers, biologics and modified release"
                            + " are not swapped.",
                    "Leave them as they are.");
        }
    }

    private @Nullable Drug drug(Inputs in, String name) {
        String code = in.code(name);
        Drug drug = catalogue.find(code).orElse(null);
        if (drug == null && !code.isEmpty()) {
            in.refuse(name, "`" + code + "` is no drug of the catalogue.", "Send its code.");
        }
        return drug;
    }

    private static Swaps.Verdict verdict(Inputs in) {
        String code = in.code("verdict");
        for (Swaps.Verdict one : Swaps.Verdict.values()) {
            if (one.code().equals(code)) {
                return one;
            }
        }
        in.refuse(
                "verdict",
                "`" + code + "` is no verdict.",
                "Send equivalent, parted or withdrawn.");
        return Swaps.Verdict.WITHDRAWN;
    }

    private Answer list(List<Swaps.Judgement> judgements) {
        Map<String, Drug> drugs = new HashMap<>();
        if (!judgements.isEmpty()) {
            for (Catalogue.Entry entry : catalogue.entries()) {
                drugs.merge(
                        entry.drug().substitutionSet(),
                        entry.drug(),
                        (one, other) ->
                                one.code().value().compareTo(other.code().value()) < 0
                                        ? one
                                        : other);
                drugs.put(entry.drug().code().value(), entry.drug());
            }
        }
        return Answer.ok(
                FhirWriter.parameters(all ->
                        judgements.forEach(one ->
                                all.group(
                                        "judgement",
                                        parts -> {
                                            told(parts, one);
                                            named(parts, "one", one.one(), drugs);
                                            named(parts, "other", one.other(), drugs);
                                        }))));
    }

    /// A product of it, by which it can be judged anew, and its name.
    private static void named(
            NamedValues parts, String which, String key, Map<String, Drug> drugs) {
        Drug drug = drugs.get(key);
        if (drug != null) {
            boolean product = drug.code().value().equals(key);
            parts.code(which + "-drug", drug.code().value())
                    .string(
                            which + "-name",
                            product
                                    ? drug.display() + " " + drug.maker()
                                    : drug.genericName() + " " + drug.strength().text());
        }
    }

    private static void told(NamedValues parts, Swaps.Judgement judgement) {
        parts.string("one", judgement.one())
                .string("other", judgement.other())
                .code("verdict", judgement.verdict().code())
                .string("approver", judgement.approver())
                .date("on", judgement.on())
                .string("reason", judgement.reason());
    }
}
