package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.identity.seal.MasterKeys;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.config.DatabaseAddress;

import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A patient's own name, which an app gives with each call, is erased with the patient wherever the
/// log has it.
final class ErasedActorTest {
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String CARD = "421281195809210020";
    private static final String NAME = "陈秀英";

    @Test
    void no_name_of_the_person_opens_any_more_whatever_was_asked_for() throws Exception {
        try (TestService service = TestService.own(Map.of("YIFANG_MASTER_KEY", KEY))) {
            Story story = new Story(service);
            Map<String, String> herself =
                    Map.of("patient", CARD, "subject_id", "C1", "subject_name", NAME);
            // Before anything is known of her.
            Map<String, String> unknown =
                    Map.of("patient", CARD, "subject_id", "C0", "subject_name", NAME);
            assertThat(new Client(service, "patient-app", unknown).get("/fhir/Task").status())
                    .isEqualTo(200);
            Story.Rx rx = story.prescribed();
            String patient = rx.task().at("/for/reference").asText();
            Client app = new Client(service, "patient-app", herself);
            assertThat(app.get("/fhir/" + patient).status()).isEqualTo(200);
            // What names nobody, or another, and what is refused.
            assertThat(app.get("/fhir/Organization?_count=1").status()).isEqualTo(200);
            assertThat(app.get("/fhir/Task?status=failed").status()).isEqualTo(200);
            assertThat(app.get("/fhir/Patient/" + UUID.randomUUID()).status()).isEqualTo(404);
            assertThat(app.get("/fhir/Measure?status=draft").status()).isPositive();
            assertThat(story.cancel(rx).status()).isEqualTo(200);
            assertThat(opened(service.database())).anyMatch(text -> text.contains(NAME));
            assertThat(OperatorJobs.erase(service, patient.substring(8))).isEqualTo("Erased.");
            assertThat(opened(service.database())).noneMatch(text -> text.contains(NAME));
        }
    }

    /// Whatever in the log is under the master key, in clear.
    private static List<String> opened(DatabaseAddress at) throws Exception {
        Seal seal = new Seal(MasterKeys.parse(KEY));
        List<String> all = new ArrayList<>();
        try (var connection = DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT person_name_sealed FROM audit_event UNION ALL"
                                        + " SELECT change_sealed FROM audit_event")) {
            while (rows.next()) {
                byte[] sealed = rows.getBytes(1);
                if (sealed != null) {
                    all.add(new String(seal.open(sealed, "audit"), StandardCharsets.UTF_8));
                }
            }
        }
        return all;
    }
}
