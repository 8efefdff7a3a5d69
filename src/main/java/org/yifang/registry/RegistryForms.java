package org.yifang.registry;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Reads what a resource says of the registry.
final class RegistryForms {
    private static final String PROFESSIONS = "https://yifang.org/fhir/CodeSystem/profession";
    private static final int TEXT_MOST = 300;

    private final Organizations organizations;
    private final Tx tx;

    /// @param tx may have written what a form refers to
    RegistryForms(Organizations organizations, Tx tx) {
        this.organizations = organizations;
        this.tx = tx;
    }

    private Optional<Organization> organization(UUID id) {
        return organizations.byId(id).or(() -> OrganizationStore.lock(tx, id, ""));
    }

    private Optional<Location> location(UUID id) {
        return organizations.location(id).or(() -> OrganizationStore.lockLocation(tx, id, id, ""));
    }

    RegistryDesk.OrganizationDraft organization(org.hl7.fhir.r4.model.Organization one) {
        String code = one.getTypeFirstRep().getCodingFirstRep().getCode();
        Organization.Kind kind;
        try {
            kind = Organization.Kind.of(String.valueOf(code));
        } catch (IllegalArgumentException unknown) {
            throw unfit("Organization.type", "`type` is none of hospital, pharmacy, bureau.");
        }
        String uscc = identifier(one.getIdentifier(), Uscc.SYSTEM);
        boolean bureau = kind == Organization.Kind.BUREAU;
        String number = bureau ? uscc : identifier(one.getIdentifier(), NhsaOrganization.SYSTEM);
        if (number == null) {
            throw unfit(
                    "Organization.identifier",
                    "There is no identifier of the system `%s`."
                            .formatted(bureau ? Uscc.SYSTEM : NhsaOrganization.SYSTEM));
        }
        (bureau ? Optional.<String>empty() : NhsaOrganization.fault(number))
                .ifPresent(fault -> {
                    throw unfit("Organization.identifier", fault);
                });
        if (!bureau && (kind == Organization.Kind.PHARMACY) != number.startsWith("P")) {
            throw unfit(
                    "Organization.identifier",
                    "A hospital's number begins with H, a pharmacy's with P.");
        }
        if (uscc != null) {
            Uscc.fault(uscc)
                    .ifPresent(fault -> {
                        throw unfit("Organization.identifier", fault);
                    });
        }
        String phone =
                one.getTelecom().stream()
                        .filter(each -> each.getSystem() == ContactPoint.ContactPointSystem.PHONE)
                        .map(ContactPoint::getValue)
                        .findFirst()
                        .orElse(null);
        UUID partOf = one.hasPartOf() ? reference(one.getPartOf(), "Organization") : null;
        boolean inHouse =
                partOf == null
                        || (kind == Organization.Kind.PHARMACY
                                && organization(partOf)
                                        .filter(at -> at.kind() == Organization.Kind.HOSPITAL)
                                        .isPresent());
        if (!inHouse) {
            throw unfit("Organization.partOf", "Only a pharmacy is part of a registered hospital.");
        }
        return new RegistryDesk.OrganizationDraft(
                number, kind, text("Organization.name", one.getName()), uscc, partOf, phone);
    }

    RegistryDesk.LocationDraft location(org.hl7.fhir.r4.model.Location one) {
        UUID at = reference(one.getManagingOrganization(), "Organization");
        if (organization(at).isEmpty()) {
            throw unfit("Location.managingOrganization", "The organization is not registered.");
        }
        if (!one.hasPosition()) {
            throw unfit("Location.position", "`position` is missing.");
        }
        TreeMap<Integer, List<String>> hours = new TreeMap<>();
        one.getHoursOfOperation()
                .forEach(each ->
                        each.getDaysOfWeek()
                                .forEach(day ->
                                        WeekHours.add(
                                                hours,
                                                String.valueOf(day.getCode()),
                                                each.getAllDay(),
                                                each.getOpeningTime(),
                                                each.getClosingTime())));
        try {
            return new RegistryDesk.LocationDraft(
                    at,
                    text("Location.name", one.getName()),
                    text("Location.address.text", one.getAddress().getText()),
                    new Place(
                            one.getPosition().getLatitude().doubleValue(),
                            one.getPosition().getLongitude().doubleValue()),
                    OpeningHours.parse(WeekHours.text(hours)));
        } catch (IllegalArgumentException fault) {
            throw unfit("Location", String.valueOf(fault.getMessage()));
        }
    }

    /// The Location that a service stands for: both are one row.
    UUID place(HealthcareService one) {
        return reference(one.getLocationFirstRep(), "Location");
    }

    RegistryDesk.LocationDraft service(HealthcareService one, UUID place) {
        Location known = location(place).orElseThrow(org.yifang.fhir.rest.Outcomes::notFound);
        TreeMap<Integer, List<String>> hours = new TreeMap<>();
        one.getAvailableTime()
                .forEach(each ->
                        each.getDaysOfWeek()
                                .forEach(day ->
                                        WeekHours.add(
                                                hours,
                                                String.valueOf(day.getCode()),
                                                each.getAllDay(),
                                                each.getAvailableStartTime(),
                                                each.getAvailableEndTime())));
        try {
            return new RegistryDesk.LocationDraft(
                    known.organizationId(),
                    one.hasName() ? text("HealthcareService.name", one.getName()) : known.name(),
                    known.address(),
                    known.place(),
                    OpeningHours.parse(WeekHours.text(hours)));
        } catch (IllegalArgumentException fault) {
            throw unfit("HealthcareService.availableTime", String.valueOf(fault.getMessage()));
        }
    }

    String number(org.hl7.fhir.r4.model.Practitioner one) {
        String number = identifier(one.getIdentifier(), NhsaStaff.SYSTEM);
        if (number == null) {
            throw unfit(
                    "Practitioner.identifier",
                    "There is no identifier of the system `" + NhsaStaff.SYSTEM + "`.");
        }
        NhsaStaff.fault(number)
                .ifPresent(fault -> {
                    throw unfit("Practitioner.identifier", fault);
                });
        return number;
    }

    /// @param known whoever has the number already: what a Practitioner cannot say stays
    RegistryDesk.PractitionerDraft practitioner(
            org.hl7.fhir.r4.model.Practitioner one, @Nullable Practitioner known) {
        String number = number(one);
        var qualification = one.getQualificationFirstRep();
        String title = qualification.getCode().getText();
        UUID issuer =
                qualification.hasIssuer()
                        ? reference(qualification.getIssuer(), "Organization")
                        : known == null ? null : known.organizationId();
        var profession =
                known != null
                        ? known.profession()
                        : number.startsWith("D")
                                ? Practitioner.Profession.PHYSICIAN
                                : number.startsWith("Y")
                                        ? Practitioner.Profession.PHARMACIST
                                        : Practitioner.Profession.OTHER;
        return new RegistryDesk.PractitionerDraft(
                number,
                text("Practitioner.name", one.getNameFirstRep().getText()),
                profession,
                title,
                registered(issuer));
    }

    /// The Practitioner that a role is of: both are one row.
    UUID person(PractitionerRole one) {
        return reference(one.getPractitioner(), "Practitioner");
    }

    RegistryDesk.PractitionerDraft role(PractitionerRole one, Practitioner known) {
        String code =
                one.getCode().stream()
                        .flatMap(each -> each.getCoding().stream())
                        .filter(each -> PROFESSIONS.equals(each.getSystem()) || !each.hasSystem())
                        .map(Coding::getCode)
                        .findFirst()
                        .orElse(known.profession().code());
        try {
            String title =
                    one.getSpecialty().stream()
                            .map(CodeableConcept::getText)
                            .filter(java.util.Objects::nonNull)
                            .findFirst()
                            .orElse(known.title());
            return new RegistryDesk.PractitionerDraft(
                    known.number(),
                    known.name(),
                    Practitioner.Profession.of(code),
                    title,
                    registered(reference(one.getOrganization(), "Organization")));
        } catch (IllegalArgumentException unknown) {
            throw unfit("PractitionerRole.code", "`code` is none of physician, pharmacist, other.");
        }
    }

    private @Nullable UUID registered(@Nullable UUID id) {
        if (id != null && organization(id).isEmpty()) {
            throw unfit("organization", "The organization is not registered.");
        }
        return id;
    }

    private static @Nullable String identifier(List<Identifier> all, String system) {
        return all.stream()
                .filter(one -> system.equals(one.getSystem()))
                .map(Identifier::getValue)
                .findFirst()
                .orElse(null);
    }

    private static UUID reference(Reference reference, String type) {
        String text = String.valueOf(reference.getReference());
        try {
            return UUID.fromString(text.substring(text.lastIndexOf('/') + 1));
        } catch (IllegalArgumentException unreadable) {
            throw unfit(type, "A reference is not `" + type + "/` and an id.");
        }
    }

    private static String text(String expression, @Nullable String text) {
        boolean plain =
                text != null
                        && !text.isBlank()
                        && text.length() <= TEXT_MOST
                        && text.codePoints().noneMatch(Character::isISOControl);
        if (!plain) {
            throw unfit(
                    expression,
                    "`%s` is missing, longer than %d characters, or holds control characters."
                            .formatted(expression, TEXT_MOST));
        }
        return java.util.Objects.requireNonNull(text).strip();
    }

    private static Problem unfit(String expression, String detail) {
        List<Finding> one = new ArrayList<>();
        one.add(new Finding(ProblemCode.REGISTRATION_UNFIT, detail, null, expression, false));
        return new Problem(one);
    }
}
