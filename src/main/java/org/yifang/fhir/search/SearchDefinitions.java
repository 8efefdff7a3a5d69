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
                    "Task-queue");

    /// Parameters that R4 defines once for several types.
    private static final Map<String, String> SHARED =
            Map.ofEntries(
                    Map.entry("AllergyIntolerance-code", "clinical-code"),
                    Map.entry("AllergyIntolerance-date", "clinical-date"),
                    Map.entry("AllergyIntolerance-identifier", "clinical-identifier"),
                    Map.entry("AllergyIntolerance-patient", "clinical-patient"),
                    Map.entry("Composition-date", "clinical-date"),
                    Map.entry("Composition-identifier", "clinical-identifier"),
                    Map.entry("Composition-patient", "clinical-patient"),
                    Map.entry("Composition-type", "clinical-type"),
                    Map.entry("Condition-code", "clinical-code"),
                    Map.entry("Condition-identifier", "clinical-identifier"),
                    Map.entry("Condition-patient", "clinical-patient"),
                    Map.entry("Encounter-date", "clinical-date"),
                    Map.entry("Encounter-identifier", "clinical-identifier"),
                    Map.entry("Encounter-patient", "clinical-patient"),
                    Map.entry("Encounter-type", "clinical-type"),
                    Map.entry("Medication-code", "clinical-code"),
                    Map.entry("MedicationDispense-code", "clinical-code"),
                    Map.entry("MedicationDispense-identifier", "clinical-identifier"),
                    Map.entry("MedicationDispense-patient", "clinical-patient"),
                    Map.entry("MedicationDispense-medication", "medications-medication"),
                    Map.entry("MedicationDispense-prescription", "medications-prescription"),
                    Map.entry("MedicationDispense-status", "medications-status"),
                    Map.entry("MedicationRequest-code", "clinical-code"),
                    Map.entry("MedicationRequest-date", "medications-date"),
                    Map.entry("MedicationRequest-encounter", "medications-encounter"),
                    Map.entry("MedicationRequest-identifier", "clinical-identifier"),
                    Map.entry("MedicationRequest-medication", "medications-medication"),
                    Map.entry("MedicationRequest-patient", "clinical-patient"),
                    Map.entry("MedicationRequest-status", "medications-status"),
                    Map.entry("Observation-code", "clinical-code"),
                    Map.entry("Observation-date", "clinical-date"),
                    Map.entry("Observation-patient", "clinical-patient"),
                    Map.entry("Patient-birthdate", "individual-birthdate"),
                    Map.entry("Patient-gender", "individual-gender"),
                    Map.entry("Patient-phone", "individual-phone"),
                    Map.entry("Practitioner-gender", "individual-gender"),
                    Map.entry("Practitioner-phone", "individual-phone"));

    private static final Set<String> CONFORMANCE =
            Set.of(
                    "CapabilityStatement",
                    "CodeSystem",
                    "OperationDefinition",
                    "SearchParameter",
                    "StructureDefinition",
                    "ValueSet",
                    "NamingSystem");

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
        return FHIR + SHARED.getOrDefault(own, own);
    }

    private SearchDefinitions() {}
}
