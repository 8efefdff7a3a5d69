package org.yifang.prescription.life;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yifang.fhir.FindingTexts;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.prescription.paper.DocumentParts;

import java.util.List;

/// Warnings beside an answer, as an OperationOutcome in the language of whom it is for.
public final class Warnings {
    public static byte[] outcome(List<Finding> warnings, boolean contained, String language) {
        return FhirWriter.resource(
                "OperationOutcome",
                json -> {
                    json.string("id", contained ? "warnings" : null);
                    json.list(
                            "issue",
                            all ->
                                    warnings.forEach(
                                            one -> all.element(to -> issue(to, one, language))));
                });
    }

    private static void issue(FhirWriter json, Finding warning, String language) {
        json.string("severity", "warning").string("code", warning.code().issueType());
        json.concept(
                "details",
                FhirJson.SYSTEMS + "problem",
                warning.code().code(),
                FindingTexts.told(warning, language));
        json.string("diagnostics", FindingTexts.right(warning, language));
        String expression = warning.expression();
        if (expression != null) {
            json.list("expression", all -> all.string(expression));
        }
    }

    /// The Task with its warnings contained, and an extension that points at them.
    public static byte[] on(byte[] task, List<Finding> warnings, String language) {
        if (warnings.isEmpty()) {
            return task;
        }
        ObjectNode tree = DocumentParts.tree(task);
        tree.putArray("contained").add(DocumentParts.tree(outcome(warnings, true, language)));
        ObjectNode extension = tree.withArray("extension").addObject();
        extension.put("url", FhirJson.EXTENSIONS + "warnings");
        extension.putObject("valueReference").put("reference", "#warnings");
        return Unsealing.text(DocumentParts.write(tree));
    }

    private Warnings() {}
}
