package org.yifang.prescription.counter;

import static org.yifang.platform.problem.ProblemCode.STAFF_NUMBER;
import static org.yifang.platform.problem.ProblemCode.TWO_PEOPLE;

import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MedicationDispense;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.prescription.paper.References;
import org.yifang.registry.NhsaStaff;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/// Who prepared and who checked a dispense, by staff number: one person is one number however it is
/// written, so that nobody checks what they prepared (处方管理办法 art. 33, 37).
final class Colleagues {
    private final Set<String> preparers = new LinkedHashSet<>();
    private final Set<String> checkers = new LinkedHashSet<>();
    private final NamedPeople people;
    private final List<Finding> findings;
    private final String path;
    private boolean unreadable;

    /// @param findings takes what is wrong
    Colleagues(
            MedicationDispense dispense, String path, NamedPeople people, List<Finding> findings) {
        this.people = people;
        this.path = path + ".performer";
        this.findings = findings;
        for (var performer : dispense.getPerformer()) {
            boolean prepares = does(performer, "prepare");
            boolean checks = does(performer, "check");
            String number = number(performer.getActor(), prepares || checks);
            if (number != null && prepares) {
                preparers.add(number);
            }
            if (number != null && checks) {
                checkers.add(number);
            }
        }
        twoPeople();
    }

    private static boolean does(
            MedicationDispense.MedicationDispensePerformerComponent performer, String function) {
        return performer.getFunction().getCoding().stream()
                .anyMatch(coding -> function.equals(coding.getCode()));
    }

    /// Who prepared it, null when it cannot be told.
    @Nullable String preparer() {
        return preparers.stream().findFirst().orElse(null);
    }

    /// Who checked it, null when it cannot be told.
    @Nullable String checker() {
        return checkers.stream().findFirst().orElse(null);
    }

    /// @param needed whether it must be a person we can tell from another
    private @Nullable String number(Reference actor, boolean needed) {
        Identifier given = actor.getIdentifier();
        boolean ours = !given.hasSystem() || NhsaStaff.SYSTEM.equals(given.getSystem());
        String number = given.hasValue() && (needed || ours) ? normal(given.getValue()) : null;
        String fault = number == null ? null : NhsaStaff.fault(number).orElse(null);
        if (fault != null) {
            return refuse(fault);
        }
        UUID id = References.id(actor, "Practitioner");
        String registered = id == null ? null : people.staff(id);
        if (number != null && registered != null && !number.equals(registered)) {
            return refuse("The performer's reference and identifier name two people.");
        }
        if (number != null) {
            return number;
        }
        if (registered == null && needed && actor.hasReference()) {
            return refuse("The performer refers to no Practitioner of the registry.");
        }
        return registered;
    }

    private @Nullable String refuse(String detail) {
        unreadable = true;
        findings.add(
                new Finding(
                        STAFF_NUMBER,
                        detail,
                        "Give `actor.identifier` with the number in " + NhsaStaff.SYSTEM + ".",
                        path,
                        false));
        return null;
    }

    /// Full-width letters, small letters and blanks come from keyboards, not from another person.
    private static String normal(String number) {
        return Normalizer.normalize(number, Normalizer.Form.NFKC)
                .replaceAll("[\\s\\p{Z}\\p{Cf}]", "")
                .toUpperCase(Locale.ROOT);
    }

    private void twoPeople() {
        if (!unreadable && (preparers.isEmpty() || checkers.isEmpty())) {
            findings.add(
                    new Finding(
                            TWO_PEOPLE,
                            "The dispense does not say who prepared and who checked it.",
                            "Give performers with the functions `prepare` and `check`.",
                            path,
                            false));
        }
        if (checkers.stream().anyMatch(preparers::contains)) {
            findings.add(
                    new Finding(
                            TWO_PEOPLE,
                            "The same person prepared and checked it.",
                            "Another person checks (处方管理办法 art. 33, 37).",
                            path,
                            false));
        }
    }
}
