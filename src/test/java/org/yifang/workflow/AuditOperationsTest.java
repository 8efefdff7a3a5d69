package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.console.RecordedCodes;
import org.yifang.tools.AuditOperations;
import org.yifang.workflow.Client.Reply;

import java.util.ArrayList;
import java.util.List;

/// Whoever reads an AuditEvent is told what its operation means.
final class AuditOperationsTest {
    private static final String LOOKUP =
            "/fhir/CodeSystem/$lookup"
                    + "?system=https://yifang.org/fhir/CodeSystem/audit-operation&code=";

    @Test
    void every_operation_that_the_log_names_is_found_in_the_code_system() {
        Client auditor = new Client(TestService.shared(), "auditor-1");
        List<String> codes =
                RecordedCodes.all().stream()
                        .filter(code -> !AuditOperations.isResourceType(code))
                        .toList();
        assertThat(codes).contains("price-alert", "redeliver", "evaluation-status");
        List<String> missing = new ArrayList<>();
        for (String code : codes) {
            Reply found = auditor.get(LOOKUP + code);
            if (found.status() != 200
                    || found.parameter("display").path("valueString").asText().isBlank()) {
                missing.add(code);
            }
        }
        assertThat(missing).isEmpty();
    }
}
