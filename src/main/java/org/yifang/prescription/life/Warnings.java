package org.yifang.prescription.life;

import com.fasterxml.jackson.databind.node.ObjectNode;

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

    /// The Task with its warnings contained, and an extension that points at them.
    public static byte[] on(byte[] task, List<Finding> warnings) {
        if (warnings.isEmpty()) {
            return task;
        }
        ObjectNode tree = DocumentParts.tree(task);
        tree.putArray("contained").add(DocumentParts.tree(outcome(warnings, true)));
        ObjectNode extension = tree.withArray("extension").addObject();
        extension.put("url", FhirJson.EXTENSIONS + "warnings");
        extension.putObject("valueReference").put("reference", "#warnings");
        return Unsealing.text(DocumentParts.write(tree));
    }

    private Warnings() {}
}
