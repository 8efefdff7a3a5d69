package org.yifang.registry;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;

/// Patients in FHIR: opened for those who treat them, masked for auditors.
final class PatientFhir {
    private PatientFhir() {}

    static byte[] json(Patient patient, boolean masked) {
        Person person = patient.person();
        String number = masked ? Masking.number(person.number()) : person.number();
        String name = masked ? Masking.name(person.name()) : person.name();
        String birthDate = person.birthDate().toString();
        @Nullable String phone = person.phone();
        return FhirWriter.resource(
                "Patient",
                json -> {
                    json.string("id", patient.id().toString());
                    meta(json, patient, masked);
                    if (patient.nameDiffers()) {
                        json.list(
                                "extension",
                                all ->
                                        all.extension(
                                                "name-differs",
                                                x -> x.truth("valueBoolean", true)));
                    }
                    json.list(
                            "identifier",
                            all ->
                                    all.element(one ->
                                            one.identified(person.system(), number, "official")));
                    if (!name.isEmpty()) {
                        json.list("name", all -> all.element(one -> one.string("text", name)));
                    }
                    RegistryFhir.phone(
                            json, masked && phone != null ? Masking.number(phone) : phone);
                    json.string("gender", person.gender());
                    // A year is enough for an age, and no one is found by it.
                    json.string("birthDate", masked ? birthDate.substring(0, 4) : birthDate);
                });
    }

    private static void meta(FhirWriter json, Patient patient, boolean masked) {
        json.meta(
                patient.version(),
                FhirJson.instant(patient.updatedAt()),
                meta -> {
                    if (masked) {
                        meta.list("security", all -> all.coding(PatientExport.LABELS, "MASKED"));
                    }
                });
    }
}
