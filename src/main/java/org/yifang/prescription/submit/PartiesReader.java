package org.yifang.prescription.submit;

import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.yifang.registry.IdentityCard;
import org.yifang.registry.NhsaOrganization;
import org.yifang.registry.NhsaStaff;
import org.yifang.registry.Uscc;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Reads whom a document names: the hospital that issues it, the patient, who wrote it and who
/// attests that it was reviewed.
final class PartiesReader {
    private final DocumentEntries entries;
    private final @Nullable Composition composition;

    PartiesReader(DocumentEntries entries) {
        this.entries = entries;
        this.composition = entries.first(Composition.class);
    }

    /// nhsa-org of the hospital.
    @Nullable String hospital() {
        return identifier(custodian(), NhsaOrganization.SYSTEM);
    }

    @Nullable String uscc() {
        return identifier(custodian(), Uscc.SYSTEM);
    }

    private @Nullable Organization custodian() {
        Resource custodian =
                composition == null ? null : entries.resolve(composition.getCustodian());
        return custodian instanceof Organization organization ? organization : null;
    }

    Submission.@Nullable Person person() {
        Patient patient = entries.first(Patient.class);
        if (patient == null) {
            return null;
        }
        Identifier number =
                patient.getIdentifier().stream()
                        .filter(one -> IdentityCard.SYSTEM.equals(one.getSystem()))
                        .findFirst()
                        .orElse(patient.getIdentifierFirstRep());
        String name =
                patient.getName().stream()
                        .map(one -> one.hasText() ? one.getText() : one.getNameAsSingleString())
                        .filter(one -> one != null && !one.isBlank())
                        .findFirst()
                        .orElse(null);
        return new Submission.Person(
                number.getSystem(),
                number.getValue(),
                name,
                // An unknown code is there and yet none; the profile has its finding for it.
                patient.getGender() == null ? null : patient.getGender().toCode(),
                patient.hasBirthDate()
                        ? day(patient.getBirthDateElement().getValueAsString())
                        : null,
                phone(patient),
                entries.path(patient));
    }

    private static @Nullable String phone(Patient patient) {
        return patient.getTelecom().stream()
                .filter(one -> one.getSystem() == ContactPoint.ContactPointSystem.PHONE)
                .filter(ContactPoint::hasValue)
                .map(ContactPoint::getValue)
                .findFirst()
                .orElse(null);
    }

    /// Who wrote it, by reference.
    Set<String> authors(List<MedicationRequest> requests) {
        Set<String> authors = new LinkedHashSet<>();
        if (composition != null) {
            composition.getAuthor().forEach(one -> authors.add(one.getReference()));
            composition.getAttester().stream()
                    .filter(one ->
                            one.getMode() == Composition.CompositionAttestationMode.LEGAL
                                    && one.hasParty())
                    .forEach(one -> authors.add(one.getParty().getReference()));
        }
        requests.stream()
                .filter(MedicationRequest::hasRequester)
                .forEach(one -> authors.add(one.getRequester().getReference()));
        authors.remove(null);
        return authors;
    }

    Submission.@Nullable Prescriber prescriber() {
        Resource author =
                composition == null ? null : entries.resolve(composition.getAuthorFirstRep());
        if (!(author instanceof Practitioner practitioner)) {
            return null;
        }
        return new Submission.Prescriber(
                identifier(practitioner, NhsaStaff.SYSTEM),
                practitioner.hasName() ? practitioner.getNameFirstRep().getText() : null,
                practitioner.getQualification().stream()
                        .flatMap(one -> SubmissionReader.codes(one.getCode()))
                        .findFirst()
                        .orElse(null),
                identifier(practitioner, IdentityCard.SYSTEM),
                entries.path(practitioner));
    }

    List<Submission.Attestation> attestations() {
        List<Submission.Attestation> attestations = new ArrayList<>();
        if (composition == null) {
            return attestations;
        }
        Resource author = entries.resolve(composition.getAuthorFirstRep());
        String card = identifier(author, IdentityCard.SYSTEM);
        for (int i = 0; i < composition.getAttester().size(); i++) {
            Composition.CompositionAttesterComponent one = composition.getAttester().get(i);
            if (one.getMode() != Composition.CompositionAttestationMode.PROFESSIONAL) {
                continue;
            }
            Resource party = entries.resolve(one.getParty());
            Resource person = party instanceof Practitioner ? party : null;
            // One person may stand in a document twice, as doctor and as pharmacist.
            @SuppressWarnings("ReferenceEquality") // An entry of the document is itself only.
            boolean prescriber =
                    person != null
                            && (person == author
                                    || (card != null
                                            && card.equals(
                                                    identifier(person, IdentityCard.SYSTEM))));
            String number = identifier(person, NhsaStaff.SYSTEM);
            if (number == null
                    && NhsaStaff.SYSTEM.equals(one.getParty().getIdentifier().getSystem())) {
                number = one.getParty().getIdentifier().getValue();
            }
            attestations.add(
                    new Submission.Attestation(
                            number,
                            person != null
                                    || one.getParty().hasDisplay()
                                    || one.getParty().hasIdentifier(),
                            prescriber
                                    || (number != null
                                            && number.equals(identifier(author, NhsaStaff.SYSTEM))),
                            entries.path(composition) + ".attester[" + i + "]"));
        }
        return attestations;
    }

    private static @Nullable String identifier(@Nullable Resource resource, String system) {
        List<Identifier> identifiers =
                switch (resource) {
                    case Organization one -> one.getIdentifier();
                    case Practitioner one -> one.getIdentifier();
                    case null, default -> List.of();
                };
        return identifiers.stream()
                .filter(one -> system.equals(one.getSystem()))
                .map(Identifier::getValue)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// A birth date; the first of all days when it is only a year or a month, and null when there
    /// is no such day, for which the profile has its finding.
    private static @Nullable LocalDate day(String text) {
        try {
            return LocalDate.parse(text.length() == 10 ? text : "0001-01-01");
        } catch (DateTimeException none) {
            return null;
        }
    }
}
