package org.yifang.prescription.paper;

import com.fasterxml.jackson.databind.JsonNode;

import org.yifang.fhir.json.FhirJson;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the platform alone says of a resource: a sender that says it would be believed.
public final class PlatformExtensions {
    private static final Set<String> NAMES =
            Set.of(
                    "remaining-quantity",
                    "taken-back",
                    "taken-back-total",
                    "lease-until",
                    "directed-to",
                    "review",
                    "warnings",
                    "name-differs");

    /// One finding for each that stands in what was sent.
    ///
    /// @param root what the tree is, `Bundle`
    public static List<Finding> in(JsonNode tree, String root) {
        List<Finding> findings = new ArrayList<>();
        look(tree, root, findings);
        return findings;
    }

    private static void look(JsonNode node, String path, List<Finding> findings) {
        String url = node.path("url").asText();
        if (url.startsWith(FhirJson.EXTENSIONS)
                && NAMES.contains(url.substring(FhirJson.EXTENSIONS.length()))) {
            findings.add(
                    new Finding(
                            ProblemCode.OWN_EXTENSION,
                            "The extension `" + url + "` is the platform's own.",
                            "Leave it out.",
                            path,
                            false));
            return;
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            look(member.getValue(), path + "." + member.getKey(), findings);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            look(node.get(i), path + "[" + i + "]", findings);
        }
    }

    private PlatformExtensions() {}
}
