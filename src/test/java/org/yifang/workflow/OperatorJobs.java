package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.yifang.TestService;

import java.net.http.HttpRequest;
import java.util.Set;

/// Jobs that an operator asks for over HTTP, to their end.
final class OperatorJobs {
    /// What came of it.
    static String note(TestService at, String path, String body) throws InterruptedException {
        Client operator = new Client(at, "operator-1");
        return ended(operator, asked(operator, path, body));
    }

    /// Where it is shown.
    static String asked(Client operator, String path, String body) {
        Client.Reply job =
                Client.send(
                        operator.request(path)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(job.status()).as(job.raw().body()).isEqualTo(202);
        return job.raw().headers().firstValue("Location").orElseThrow();
    }

    /// What came of it, when it is done.
    static String ended(Client operator, String location) throws InterruptedException {
        String state = "";
        for (int i = 0; i < 600 && !Set.of("done", "failed").contains(state); i++) {
            Thread.sleep(100);
            state = operator.get(location).body().path("state").asText();
        }
        assertThat(state).as(operator.get(location).raw().body()).isEqualTo("done");
        return operator.get(location).body().path("note").asText();
    }

    static String erase(TestService at, String patient) throws InterruptedException {
        return note(
                at,
                "/admin/patients/erase",
                "{\"patient\":\"%s\",\"reason\":\"来信要求\"}".formatted(patient));
    }

    private OperatorJobs() {}
}
