package org.yifang.admin;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.registry.Organization;
import org.yifang.registry.Organizations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Decides which organization a client or person belongs to, and for which hospitals it reviews.
final class Belonging {
    /// Whoever belongs to none, before a bureau is registered.
    private static final UUID NOBODY = new UUID(0, 0);

    /// Reviews what is overdue anywhere in the county.
    static final String POOL = "pool";

    /// Where someone belongs.
    ///
    /// @param number of the organization; the region's when there is none
    record Place(UUID id, String number) {}

    private final Organizations organizations;
    private final String region;

    Belonging(Organizations organizations, String region) {
        this.organizations = organizations;
        this.region = region;
    }

    /// The place of a role, faults in `findings`.
    ///
    /// @param number the organization asked for, or null
    Place of(Role role, @Nullable String number, List<Finding> findings) {
        return switch (role) {
            case HOSPITAL -> required(number, List.of(Organization.Kind.HOSPITAL), findings);
            case REVIEWER ->
                    required(
                            number,
                            List.of(Organization.Kind.HOSPITAL, Organization.Kind.PHARMACY),
                            findings);
            case PHARMACY -> required(number, List.of(Organization.Kind.PHARMACY), findings);
            case BUREAU ->
                    number == null
                            ? nobody()
                            : required(number, List.of(Organization.Kind.BUREAU), findings);
            case AUDITOR, OPERATOR, PATIENT -> {
                if (number != null && !number.equals(nobody().number())) {
                    findings.add(
                            fault(
                                    "organization",
                                    "A client or person of role `%s` belongs to no organization."
                                            .formatted(role.code()),
                                    "Leave the field out."));
                }
                yield nobody();
            }
        };
    }

    /// The bureau stands for the whole platform as soon as there is one.
    Place nobody() {
        return organizations.all().stream()
                .filter(one -> one.kind() == Organization.Kind.BUREAU)
                .findFirst()
                .map(one -> new Place(one.id(), one.number()))
                .orElse(new Place(NOBODY, region));
    }

    private Place required(
            @Nullable String number, List<Organization.Kind> kinds, List<Finding> findings) {
        if (number == null) {
            findings.add(
                    fault(
                            "organization",
                            "The field `organization` is missing.",
                            "Send the number of the organization, `H42128100001`."));
            return nobody();
        }
        Optional<Organization> found = organizations.byNumber(number);
        if (found.isEmpty() || !kinds.contains(found.get().kind())) {
            findings.add(
                    fault(
                            "organization",
                            "`%s` is no registered %s."
                                    .formatted(
                                            number,
                                            String.join(
                                                    " or ",
                                                    kinds.stream()
                                                            .map(Organization.Kind::code)
                                                            .toList())),
                            "Register the organization first."));
            return nobody();
        }
        return new Place(found.get().id(), number);
    }

    /// For which hospitals a role reviews: those named, or the own one.
    List<String> reviewsFor(
            Role role, @Nullable List<String> named, Place place, List<Finding> findings) {
        if (role != Role.REVIEWER) {
            if (named != null && !named.isEmpty()) {
                findings.add(
                        fault(
                                "reviewsFor",
                                "Only a reviewer reviews for hospitals.",
                                "Leave the field out."));
            }
            return List.of();
        }
        if (named == null || named.isEmpty()) {
            return isHospital(place.number()) ? List.of(place.number()) : List.of(POOL);
        }
        List<String> unknown = new ArrayList<>(named);
        unknown.removeIf(one -> one.equals(POOL) || isHospital(one));
        for (String one : unknown) {
            findings.add(
                    fault(
                            "reviewsFor",
                            "`%s` is no registered hospital.".formatted(one),
                            "Name hospitals by their number, or `pool`."));
        }
        return named;
    }

    private boolean isHospital(String number) {
        return organizations
                .byNumber(number)
                .filter(one -> one.kind() == Organization.Kind.HOSPITAL)
                .isPresent();
    }

    static Finding fault(String field, String detail, String remedy) {
        return new Finding(ProblemCode.REGISTRATION_UNFIT, detail, remedy, field, false);
    }
}
