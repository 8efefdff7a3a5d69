package org.yifang.fhir.rest;

import org.yifang.fhir.json.JsonTree;

import java.util.Base64;

/// Shows a Binary as what it is, to whoever asks for that.
final class Binaries {
    private static final String BYTES = "application/octet-stream";

    /// A Binary as a resource, or its content by its own media type or as mere bytes, by `Accept`.
    /// What is FHIR itself comes as a resource unless bytes are asked for (R4, Binary).
    ///
    /// @throws org.yifang.platform.problem.Problem `RX-1006` when it is wanted as something else
    static Answer shown(Exchange exchange, Answer answer) {
        if (!(answer.body() instanceof Answer.Json json)) {
            return answer;
        }
        var binary = JsonTree.read(json.bytes());
        String own = binary.path("contentType").asText();
        String wanted =
                Negotiation.binary(
                        exchange.header("Accept"), exchange.query("_format"), own, BYTES);
        return wanted.isEmpty()
                ? answer
                : answer.withBody(
                        new Answer.Raw(
                                wanted, Base64.getDecoder().decode(binary.path("data").asText())));
    }

    private Binaries() {}
}
