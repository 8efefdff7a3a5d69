package org.yifang.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;
import org.yifang.workflow.Client;
import org.yifang.workflow.Documents;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;

/// Whatever is sent for a prescription is taken when it is one and refused when it is none, and
/// never breaks anything.
final class TortureTest {
    private static Client hospital;

    @BeforeAll
    static void open() {
        hospital = new Client(TestService.shared(), "hospital-1");
    }

    private static ObjectNode document() {
        return Documents.reviewed(TestService.shared());
    }

    @Test
    void json() {
        List<TortureCases.Case> cases = TortureCases.json(TortureTest::document);
        assertThat(cases).hasSizeGreaterThanOrEqualTo(300);
        assertThat(wrong(cases, "application/fhir+json")).isEmpty();
    }

    @Test
    void xml() {
        List<TortureCases.Case> cases = TortureXml.cases(TortureTest::document);
        assertThat(cases).hasSizeGreaterThanOrEqualTo(100);
        assertThat(wrong(cases, "application/fhir+xml")).isEmpty();
    }

    private static List<String> wrong(List<TortureCases.Case> cases, String type) {
        List<String> wrong = new ArrayList<>();
        for (TortureCases.Case one : cases) {
            Client.Reply reply =
                    Client.send(
                            hospital.request("/fhir/$submit-prescription")
                                    .setHeader("Content-Type", type)
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(one.body())));
            boolean right =
                    one.good()
                            ? reply.status() == 201
                            : List.of(400, 422).contains(reply.status())
                                    && reply.code().startsWith("RX-");
            if (!right) {
                wrong.add(one.name() + ": " + reply.status() + " " + reply.code());
            }
        }
        return wrong;
    }
}
