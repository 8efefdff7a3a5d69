package org.yifang.registry;

import static org.yifang.generated.Tables.CONSENT;
import static org.yifang.generated.Tables.CONSENT_HISTORY;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.SqlCaller;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Stored;
import org.yifang.platform.Role;
import org.yifang.platform.data.Rows;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/// Consents in FHIR.
public final class ConsentFhir {
    /// Codes of [Consent.Category].
    public static final String SYSTEM = FhirJson.SYSTEMS + "consent";

    private static final String SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope";
    private static final String RULE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    /// What is to be mounted.
    ///
    /// @param ofHospital the consents of patients that a hospital sees, as a condition on
    ///   `consent.patient_id`
    public static Stored stored(Function<SqlCaller, Condition> ofHospital) {
        return Stored.of("Consent", CONSENT)
                .id(CONSENT.ID)
                .version(CONSENT.VERSION, CONSENT.UPDATED_AT)
                .columns(
                        CONSENT.ID,
                        CONSENT.PATIENT_ID,
                        CONSENT.CATEGORY,
                        CONSENT.PROVISION,
                        CONSENT.ORGANIZATION_ID,
                        CONSENT.VERSION,
                        CONSENT.CREATED_AT,
                        CONSENT.UPDATED_AT)
                .patient(CONSENT.PATIENT_ID)
                .visible(Role.PATIENT, who -> CONSENT.PATIENT_ID.eq(who.patientId()))
                .visible(Role.HOSPITAL, ofHospital)
                .render((row, caller) -> json(ConsentStore.consent(row)))
                .search(SearchBy.reference("patient", CONSENT.PATIENT_ID, "Patient"))
                .search(SearchBy.token("category", CONSENT.CATEGORY, SYSTEM))
                .search(SearchBy.date("date", CONSENT.UPDATED_AT))
                .history(
                        CONSENT_HISTORY.join(CONSENT).on(CONSENT.ID.eq(CONSENT_HISTORY.CONSENT_ID)),
                        CONSENT_HISTORY.CONSENT_ID,
                        CONSENT_HISTORY.VERSION,
                        CONSENT_HISTORY.UPDATED_AT,
                        (row, caller) -> version(row),
                        CONSENT.PATIENT_ID,
                        CONSENT.CATEGORY,
                        CONSENT.CREATED_AT,
                        CONSENT_HISTORY.CONSENT_ID,
                        CONSENT_HISTORY.PROVISION,
                        CONSENT_HISTORY.ORGANIZATION_ID,
                        CONSENT_HISTORY.VERSION,
                        CONSENT_HISTORY.UPDATED_AT);
    }

    private static byte[] version(Row row) {
        return json(
                new Consent(
                        Rows.get(row, CONSENT_HISTORY.CONSENT_ID),
                        Rows.get(row, CONSENT.PATIENT_ID),
                        Consent.Category.of(Rows.get(row, CONSENT.CATEGORY)),
                        Rows.get(row, CONSENT_HISTORY.PROVISION).equals("deny"),
                        Rows.find(row, CONSENT_HISTORY.ORGANIZATION_ID),
                        Rows.get(row, CONSENT_HISTORY.VERSION),
                        Rows.get(row, CONSENT.CREATED_AT),
                        Rows.get(row, CONSENT_HISTORY.UPDATED_AT)));
    }

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
