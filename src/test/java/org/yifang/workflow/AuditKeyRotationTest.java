package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.audit.verify.VerifyCommand;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/// The log's key is replaced while two instances serve.
class AuditKeyRotationTest {
    private static String open(TestService service, String path) {
        return new Client(service, "auditor-1").get(path).raw().body();
    }

    private static int verify(TestService service, StringWriter out, String... keys) {
        CommandLine command = new CommandLine(new VerifyCommand());
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        String[] arguments = new String[1 + 2 * keys.length];
        arguments[0] = service.url() + "/audit";
        for (int i = 0; i < keys.length; i++) {
            arguments[1 + 2 * i] = "--vkey";
            arguments[2 + 2 * i] = keys[i];
        }
        return command.execute(arguments);
    }

    @Test
    void the_log_goes_on_under_a_new_key_in_every_instance() {
        try (TestService service = TestService.own(Map.of());
                TestService beside = service.sibling()) {
            Client operator = new Client(service, "operator-1");
            String old = open(service, "/audit/vkey").strip();
            Client.Reply job = AdminTest.json(operator, "POST", "/admin/keys/audit/rotate", "");
            assertThat(job.status()).as(job.raw().body()).isEqualTo(202);
            String path = job.raw().headers().firstValue("Location").orElseThrow();
            assertThat(
                            AdminTest.eventually(
                                    1,
                                    () ->
                                            operator.get(path)
                                                            .body()
                                                            .path("state")
                                                            .asText()
                                                            .equals("done")
                                                    ? 1
                                                    : 0))
                    .isEqualTo(1);
            String fresh = open(service, "/audit/vkey").strip();
            assertThat(fresh).isNotEqualTo(old);
            assertThat(operator.get(path).body().path("note").asText()).contains(fresh);
            // Both write, and both sign under the new name.
            assertThat(new Client(beside, "hospital-1").get("/fhir/Task").status()).isEqualTo(200);
            assertThat(new Client(service, "hospital-1").get("/fhir/Task").status()).isEqualTo(200);
            assertThat(open(beside, "/audit/vkey").strip()).isEqualTo(fresh);
            String name = fresh.substring(0, fresh.indexOf('+'));
            assertThat(
                            AdminTest.eventually(
                                    1,
                                    () ->
                                            open(beside, "/audit/checkpoint").startsWith(name)
                                                    ? 1
                                                    : 0))
                    .isEqualTo(1);
            StringWriter out = new StringWriter();
            assertThat(verify(service, out, old, fresh)).as(out.toString()).isZero();
            assertThat(new Client(service, "operator-1").get("/health/ready").status())
                    .isEqualTo(200);
            assertThat(new Client(beside, "operator-1").get("/health/ready").status())
                    .isEqualTo(200);
        }
    }
}
