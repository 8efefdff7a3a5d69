package org.yifang.prescription.submit;

import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drug;
import org.yifang.registry.IdentityCard;
import org.yifang.registry.NhsaOrganization;
import org.yifang.registry.NhsaStaff;
import org.yifang.registry.Uscc;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Reads a document Bundle into what the rules ask. From here on no FHIR types.
public final class SubmissionReader {
    static final String CIRCULATION = "https://yifang.org/fhir/StructureDefinition/circulation";
    static final String EXTENDED =
            "https://yifang.org/fhir/StructureDefinition/extended-supply-reason";
    public static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private final Bundle bundle;
    private final Function<String, @Nullable Drug> catalogue;

    private SubmissionReader(Bundle bundle, Function<String, @Nullable Drug> catalogue) {
        this.bundle = bundle;
        this.catalogue = catalogue;
    }

    /// @param catalogue finds a product by its code
    static Submission read(Bundle bundle, Function<String, @Nullable Drug> catalogue) {
        return new SubmissionReader(bundle, catalogue).submission();
    }

    private Submission submission() {
        Composition composition = first(Composition.class);
        List<MedicationRequest> requests = all(MedicationRequest.class);
        List<Submission.Order> orders = new ArrayList<>();
        requests.forEach(
                request -> orders.add(OrderReader.read(request, path(request), catalogue)));
        Encounter encounter = first(Encounter.class);
        Organization custodian = custodian(composition);
        return new Submission(
                numbers(composition, requests),
                identifier(custodian, NhsaOrganization.SYSTEM),
                identifier(custodian, Uscc.SYSTEM),
                all(Patient.class).size(),
                subjects().size(),
                person(),
                authors(composition, requests),
                prescriber(composition),
                attestations(composition),
                "issuing-hospital".equals(extensionText(composition, CIRCULATION)),
                isEmergency(encounter, orders),
                encounter == null || !encounter.hasServiceType()
                        ? null
                        : textOf(encounter.getServiceType()),
                instant(bundle.getTimestampElement().getValue()),
                encounter == null ? null : instant(encounter.getPeriod().getStart()),
                all(Condition.class).stream().flatMap(one -> codes(one.getCode())).toList(),
                orders,
                FindingsReader.allergies(all(AllergyIntolerance.class)),
                FindingsReader.skinTests(all(Observation.class)),
                observed("体重", "29463-7"),
                requests.stream()
                        .filter(MedicationRequest::hasPriorPrescription)
                        .map(one -> one.getPriorPrescription().getIdentifier().getValue())
                        .filter(java.util.Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                requests.stream()
                        .filter(MedicationRequest::hasPriority)
                        .map(one -> one.getPriority().toCode())
                        .max(java.util.Comparator.comparingInt(PRIORITIES::indexOf))
                        .orElse("routine"));
    }

    private static final List<String> PRIORITIES = List.of("routine", "urgent", "asap", "stat");

    private <R extends Resource> List<R> all(Class<R> type) {
        return bundle.getEntry().stream()
                .map(Bundle.BundleEntryComponent::getResource)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private <R extends Resource> @Nullable R first(Class<R> type) {
        List<R> all = all(type);
        return all.isEmpty() ? null : all.getFirst();
    }

    private String path(Resource resource) {
        for (int i = 0; i < bundle.getEntry().size(); i++) {
            if (bundle.getEntry().get(i).getResource() == resource) {
                return "Bundle.entry[" + i + "].resource";
            }
        }
        return "Bundle";
    }

    private @Nullable Resource resolve(@Nullable Reference reference) {
        if (reference == null || !reference.hasReference()) {
            return null;
        }
        String wanted = reference.getReference();
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            Resource resource = entry.getResource();
            if (resource == null) {
                continue;
            }
            String relative = resource.fhirType() + "/" + resource.getIdElement().getIdPart();
            boolean found = wanted.equals(entry.getFullUrl()) || wanted.equals(relative);
            if (found) {
                return resource;
            }
        }
        return null;
    }

    private @Nullable Organization custodian(@Nullable Composition composition) {
        Resource custodian = composition == null ? null : resolve(composition.getCustodian());
        return custodian instanceof Organization organization ? organization : null;
    }

    private Set<String> numbers(
            @Nullable Composition composition, List<MedicationRequest> requests) {
        Set<String> numbers = new LinkedHashSet<>();
        add(numbers, bundle.getIdentifier());
        if (composition != null && composition.hasIdentifier()) {
            add(numbers, composition.getIdentifier());
        }
        requests.forEach(request -> add(numbers, request.getGroupIdentifier()));
        return numbers;
    }

    private static void add(Set<String> numbers, Identifier identifier) {
        if (identifier.hasValue()) {
            numbers.add(identifier.getValue());
        }
    }

    private Set<String> subjects() {
        Set<String> subjects = new LinkedHashSet<>();
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            Reference subject =
                    switch (entry.getResource()) {
                        case Composition one -> one.getSubject();
                        case Encounter one -> one.getSubject();
                        case Condition one -> one.getSubject();
                        case MedicationRequest one -> one.getSubject();
                        case AllergyIntolerance one -> one.getPatient();
                        case Observation one -> one.getSubject();
                        case null, default -> null;
                    };
            if (subject != null && subject.hasReference()) {
                subjects.add(subject.getReference());
            }
        }
        return subjects;
    }

    private Submission.@Nullable Person person() {
        Patient patient = first(Patient.class);
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
                path(patient));
    }

    private static Set<String> authors(
            @Nullable Composition composition, List<MedicationRequest> requests) {
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

    private Submission.@Nullable Prescriber prescriber(@Nullable Composition composition) {
        Resource author = composition == null ? null : resolve(composition.getAuthorFirstRep());
        if (!(author instanceof Practitioner practitioner)) {
            return null;
        }
        return new Submission.Prescriber(
                identifier(practitioner, NhsaStaff.SYSTEM),
                practitioner.hasName() ? practitioner.getNameFirstRep().getText() : null,
                practitioner.getQualification().stream()
                        .flatMap(one -> codes(one.getCode()))
                        .findFirst()
                        .orElse(null),
                identifier(practitioner, IdentityCard.SYSTEM),
                path(practitioner));
    }

    private List<Submission.Attestation> attestations(@Nullable Composition composition) {
        List<Submission.Attestation> attestations = new ArrayList<>();
        if (composition == null) {
            return attestations;
        }
        Resource author = resolve(composition.getAuthorFirstRep());
        String card = identifier(author, IdentityCard.SYSTEM);
        for (int i = 0; i < composition.getAttester().size(); i++) {
            Composition.CompositionAttesterComponent one = composition.getAttester().get(i);
            if (one.getMode() != Composition.CompositionAttestationMode.PROFESSIONAL) {
                continue;
            }
            Resource party = resolve(one.getParty());
            Resource person = party instanceof Practitioner ? party : null;
            // One person may stand in a document twice, as doctor and as pharmacist.
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
                            path(composition) + ".attester[" + i + "]"));
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

    private static boolean isEmergency(
            @Nullable Encounter encounter, List<Submission.Order> orders) {
        return (encounter != null && "EMER".equals(encounter.getClass_().getCode()))
                || orders.stream().anyMatch(order -> "emergency".equals(order.category()));
    }

    private boolean observed(String word, String code) {
        return all(Observation.class).stream()
                .anyMatch(one ->
                        textOf(one.getCode()).contains(word)
                                || codes(one.getCode()).anyMatch(code::equals));
    }

    static java.util.stream.Stream<String> codes(CodeableConcept concept) {
        return concept.getCoding().stream().map(Coding::getCode).filter(java.util.Objects::nonNull);
    }

    static String textOf(CodeableConcept concept) {
        if (concept.hasText()) {
            return concept.getText();
        }
        String display = concept.getCodingFirstRep().getDisplay();
        return display == null ? "" : display;
    }

    static @Nullable String extensionText(@Nullable DomainResource resource, String url) {
        Extension extension = resource == null ? null : resource.getExtensionByUrl(url);
        Type value = extension == null ? null : extension.getValue();
        return switch (value) {
            case CodeableConcept concept -> textOf(concept);
            case StringType text -> text.getValue();
            case null -> null;
            default -> value.primitiveValue();
        };
    }

    static @Nullable Instant instant(java.util.@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }

    /// A moment that may be written as a day, a month or a year: those are Shanghai's, and a period
    /// that ends with one ends with its last instant.
    static @Nullable Instant moment(BaseDateTimeType element, boolean end) {
        String text = element.getValueAsString();
        if (element.getValue() == null || text == null) {
            return null;
        }
        LocalDate day =
                switch (text.length()) {
                    case 4 -> LocalDate.of(Integer.parseInt(text), end ? 12 : 1, end ? 31 : 1);
                    case 7 ->
                            end
                                    ? YearMonth.parse(text).atEndOfMonth()
                                    : YearMonth.parse(text).atDay(1);
                    case 10 -> LocalDate.parse(text);
                    default -> null;
                };
        return day == null
                ? element.getValue().toInstant()
                : (end ? day.plusDays(1) : day).atStartOfDay(SHANGHAI).toInstant();
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

    static BigDecimal divided(BigDecimal value, BigDecimal by) {
        return value.divide(by, MathContext.DECIMAL64);
    }
}
