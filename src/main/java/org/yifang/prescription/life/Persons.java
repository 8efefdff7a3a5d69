package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;
import org.yifang.registry.Practitioner;
import org.yifang.registry.Practitioners;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// Checks the person behind a call where one has to stand behind it: a review, a claim, a dispense,
/// a take-back.
public final class Persons {
    private static final String UNKNOWN = "person not in the registry";

    private final boolean required;
    private final Practitioners practitioners;
    private final Organizations organizations;

    /// @param required whether somebody must be named, and not be of another organization
    public Persons(boolean required, Practitioners practitioners, Organizations organizations) {
        this.required = required;
        this.practitioners = practitioners;
        this.organizations = organizations;
    }

    /// The command of the person that the client names.
    ///
    /// @throws Problem `RX-1007` with every part that is missing, `RX-1009` when the registry has
    ///   the number at another organization
    public Act act(Caller caller, Action action) {
        if (!required) {
            return Act.of(caller, action);
        }
        List<Finding> missing = new ArrayList<>();
        need(missing, "subject_id", caller.person().id());
        need(missing, "subject_name", caller.person().name());
        if (!missing.isEmpty()) {
            throw new Problem(missing);
        }
        String number = String.valueOf(caller.person().id()).toUpperCase(Locale.ROOT);
        Optional<Practitioner> known = practitioners.byNumber(number);
        UUID at = known.map(Practitioner::organizationId).orElse(null);
        if (at != null && !isOf(caller, at)) {
            throw new Problem(
                    ProblemCode.PERSON_ELSEWHERE,
                    "The person of `subject_id` is registered at another organization.",
                    "Name one of your own people, or have the registry corrected.");
        }
        return new Act(caller, action, known.isPresent() ? null : UNKNOWN);
    }

    private static void need(List<Finding> missing, String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            missing.add(
                    new Finding(
                            ProblemCode.PERSON_MISSING,
                            "The field `" + field + "` of the token is missing.",
                            "Name the person behind the call when asking for the token, in the"
                                    + " assertion (`extensions.hl7-b2b`) or as a form field.",
                            field,
                            false));
        }
    }

    /// The client's own organization; for an in-house pharmacy its hospital; for a reviewer the
    /// hospitals that it is registered for.
    private boolean isOf(Caller caller, UUID organization) {
        if (organization.equals(caller.organizationId())) {
            return true;
        }
        UUID house =
                organizations.byId(caller.organizationId()).map(Organization::partOf).orElse(null);
        return organization.equals(house)
                || organizations
                        .byId(organization)
                        .map(Organization::number)
                        .filter(caller.reviewsFor()::contains)
                        .isPresent();
    }
}
