package org.yifang.prescription.life;

import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.platform.problem.Problem.Finding;

import java.util.List;

/// Warnings beside an answer, as an OperationOutcome.
public final class Warnings {
    public static byte[] outcome(List<Finding> warnings, boolean contained) {
        return FhirWriter.resource(
                "OperationOutcome",
                json -> {
                    json.string("id", contained ? "warnings" : null);
                    json.list(
                            "issue",
                            all -> warnings.forEach(one -> all.element(to -> issue(to, one))));
                });
    }

    private static void issue(FhirWriter json, Finding warning) {
        json.string("severity", "warning").string("code", warning.code().issueType());
        json.concept(
                "details", FhirJson.SYSTEMS + "problem", warning.code().code(), warning.detail());
        json.string("diagnostics", warning.remedy());
        String expression = warning.expression();
        if (expression != null) {
            json.list("expression", all -> all.string(expression));
        }
    }

    private Warnings() {}
}
