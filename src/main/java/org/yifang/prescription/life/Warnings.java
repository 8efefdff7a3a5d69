package org.yifang.prescription.life;

import org.yifang.fhir.json.FhirJson;
import org.yifang.platform.problem.Problem.Finding;

import java.util.List;

/// Warnings beside an answer, as an OperationOutcome.
public final class Warnings {
    public static byte[] outcome(List<Finding> warnings, boolean contained) {
        return FhirJson.object(json -> {
            json.writeStringField("resourceType", "OperationOutcome");
            if (contained) {
                json.writeStringField("id", "warnings");
            }
            json.writeArrayFieldStart("issue");
            for (Finding warning : warnings) {
                json.writeStartObject();
                json.writeStringField("severity", "warning");
                json.writeStringField("code", warning.code().issueType());
                FhirJson.concept(
                        json,
                        "details",
                        FhirJson.SYSTEMS + "problem",
                        warning.code().code(),
                        warning.detail());
                if (warning.remedy() != null) {
                    json.writeStringField("diagnostics", warning.remedy());
                }
                if (warning.expression() != null) {
                    json.writeArrayFieldStart("expression");
                    json.writeString(warning.expression());
                    json.writeEndArray();
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private Warnings() {}
}
