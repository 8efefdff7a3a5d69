package org.yifang.registry;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;

import java.time.Instant;
import java.util.UUID;

/// Consents in FHIR.
public final class ConsentFhir {
    /// Codes of [Consent.Category].
    public static final String SYSTEM = FhirJson.SYSTEMS + "consent";

    private static final String SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope";
    private static final String RULE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    /// The resource.
    public static byte[] json(Consent one) {
        Instant at = one.updatedAt();
        @Nullable UUID hospital = one.organization();
        return FhirWriter.resource(
                "Consent",
                json -> {
                    json.string("id", one.id().toString()).meta(one.version(), at);
                    json.string("status", "active").concept("scope", SCOPE, "patient-privacy");
                    json.list("category", all -> all.concept(SYSTEM, one.category().code()));
                    json.reference("patient", "Patient", one.patient()).instant("dateTime", at);
                    if (hospital != null) {
                        json.list("organization", all -> all.reference("Organization/" + hospital));
                    }
                    json.concept("policyRule", RULE, one.deny() ? "OPTOUT" : "OPTIN");
                    json.object("provision", to -> to.string("type", one.provision()));
                });
    }

    private ConsentFhir() {}
}
