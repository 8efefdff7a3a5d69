package org.yifang.fhir.search;

import java.util.Map;
import java.util.Set;

/// Knows the canonical urls of FHIR R4's own search parameters, some of which several types share.
final class SearchDefinitions {
    private static final String FHIR = "http://hl7.org/fhir/SearchParameter/";
    private static final String OURS = "https://yifang.org/fhir/SearchParameter/";

    /// Parameters that the platform defines itself.
    private static final Set<String> OWN =
            Set.of(
                    "MedicationRequest-group-identifier",
                    "AuditEvent-purpose",
                    "AuditEvent-organization",
                    "ChargeItemDefinition-instance",
                    "ChargeItemDefinition-seller",
                    "Medication-generic-name",
                    "Medication-substitution-set",
                    "NamingSystem-url",
                    "Task-queue");

    private static final Set<String> CLINICAL =
            Set.of(
                    "AllergyIntolerance",
                    "Composition",
                    "Condition",
                    "Consent",
                    "Encounter",
                    "List",
                    "MedicationDispense",
                    "MedicationRequest",
                    "MedicationStatement",
                    "Observation");

    private static final Set<String> CODED =
            Set.of(
                    "AllergyIntolerance",
                    "Condition",
                    "List",
                    "Medication",
                    "MedicationDispense",
                    "MedicationRequest",
                    "MedicationStatement",
                    "Observation");

    private static final Set<String> MEDICATIONS =
            Set.of("MedicationDispense", "MedicationRequest", "MedicationStatement");

    private static final Set<String> PEOPLE = Set.of("Patient", "Practitioner", "RelatedPerson");

    /// Parameters that R4 defines once for several types, each with the types that are served.
    private static final Map<String, Set<String>> SHARED =
            Map.ofEntries(
                    shared("clinical-code", CODED),
                    shared(
                            "clinical-date",
                            Set.of(
                                    "AllergyIntolerance",
                                    "Composition",
                                    "Consent",
                                    "Encounter",
                                    "List",
                                    "Observation")),
                    shared("clinical-encounter", Set.of("Composition", "List", "Observation")),
                    shared("clinical-identifier", CLINICAL),
                    shared("clinical-patient", CLINICAL),
                    shared(
                            "clinical-type",
                            Set.of("AllergyIntolerance", "Composition", "Encounter")),
                    shared("individual-birthdate", Set.of("Patient", "RelatedPerson")),
                    shared("individual-gender", PEOPLE),
                    shared("individual-phone", PEOPLE),
                    shared("individual-telecom", PEOPLE),
                    shared("individual-address", PEOPLE),
                    shared("medications-date", Set.of("MedicationRequest")),
                    shared("medications-encounter", Set.of("MedicationRequest")),
                    shared("medications-medication", MEDICATIONS),
                    shared("medications-prescription", Set.of("MedicationDispense")),
                    shared("medications-status", MEDICATIONS));

    private static final Set<String> CONFORMANCE =
            Set.of(
                    "CodeSystem",
                    "ConceptMap",
                    "NamingSystem",
                    "OperationDefinition",
                    "SearchParameter",
                    "StructureDefinition",
                    "ValueSet");

    private static Map.Entry<String, Set<String>> shared(String name, Set<String> types) {
        return Map.entry(name, types);
    }

    static String url(String type, String name) {
        if (name.equals("_id") || name.equals("_lastUpdated")) {
            return FHIR + "Resource-" + name.substring(1);
        }
        String own = type + '-' + name;
        if (OWN.contains(own)) {
            return OURS + own;
        }
        if (CONFORMANCE.contains(type)) {
            boolean unshared = type.equals("NamingSystem") && name.equals("value");
            return FHIR + (unshared ? own : "conformance-" + name);
        }
        for (Map.Entry<String, Set<String>> one : SHARED.entrySet()) {
            if (one.getKey().endsWith('-' + name) && one.getValue().contains(type)) {
                return FHIR + one.getKey();
            }
        }
        return FHIR + own;
    }

    private SearchDefinitions() {}
}
