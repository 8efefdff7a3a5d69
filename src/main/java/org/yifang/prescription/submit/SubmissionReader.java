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
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Drugs;
import org.yifang.prescription.life.Circulation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Reads a document Bundle into what the rules ask. From here on no FHIR types.
public final class SubmissionReader {
    static final String CIRCULATION = "https://yifang.org/fhir/StructureDefinition/circulation";
    static final String EXTENDED =
            "https://yifang.org/fhir/StructureDefinition/extended-supply-reason";
    public static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private final Bundle bundle;
    private final DocumentEntries entries;
    private final PartiesReader parties;
    private final Drugs catalogue;

    private SubmissionReader(Bundle bundle, Drugs catalogue) {
        this.bundle = bundle;
        this.entries = new DocumentEntries(bundle);
        this.parties = new PartiesReader(entries);
        this.catalogue = catalogue;
    }

    static Submission read(Bundle bundle, Drugs catalogue) {
        return new SubmissionReader(bundle, catalogue).submission();
    }

    private Submission submission() {
        Composition composition = entries.first(Composition.class);
        List<MedicationRequest> requests = entries.all(MedicationRequest.class);
        List<Submission.Order> orders = new ArrayList<>();
        requests.forEach(
                request -> orders.add(OrderReader.read(request, entries.path(request), catalogue)));
        Encounter encounter = entries.first(Encounter.class);
        return new Submission(
                numbers(composition, requests),
                parties.hospital(),
                parties.uscc(),
                entries.all(Patient.class).size(),
                subjects().size(),
                parties.person(),
                parties.authors(requests),
                parties.prescriber(),
                parties.attestations(),
                Circulation.ISSUING_HOSPITAL.is(extensionText(composition, CIRCULATION)),
                isEmergency(encounter, orders),
                encounter == null || !encounter.hasServiceType()
                        ? null
                        : textOf(encounter.getServiceType()),
                instant(bundle.getTimestampElement().getValue()),
                encounter == null ? null : instant(encounter.getPeriod().getStart()),
                entries.all(Condition.class).stream().flatMap(one -> codes(one.getCode())).toList(),
                orders,
                FindingsReader.allergies(entries.all(AllergyIntolerance.class)),
                FindingsReader.skinTests(entries.all(Observation.class)),
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

    private static boolean isEmergency(
            @Nullable Encounter encounter, List<Submission.Order> orders) {
        return (encounter != null && "EMER".equals(encounter.getClass_().getCode()))
                || orders.stream().anyMatch(order -> "emergency".equals(order.category()));
    }

    private boolean observed(String word, String code) {
        return entries.all(Observation.class).stream()
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

    static BigDecimal divided(BigDecimal value, BigDecimal by) {
        return value.divide(by, MathContext.DECIMAL64);
    }
}
