package org.yifang.prescription.life;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.prescription.life.Review.Reviewer;
import org.yifang.prescription.paper.DocumentParts;
import org.yifang.registry.NhsaStaff;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/// The reviews of one prescription, oldest first, kept as its Task shows them: each an `output` of
/// type `review` whose value is the decision, with the extension `review` for all else.
public final class Reviews {
    public static final Reviews NONE = new Reviews(null);

    private final byte @Nullable [] stored;

    private Reviews(byte @Nullable [] stored) {
        this.stored = stored;
    }

    static Reviews of(byte @Nullable [] stored) {
        return stored == null ? NONE : new Reviews(stored);
    }

    /// A JSON array, null when there is none.
    byte @Nullable [] bytes() {
        return stored;
    }

    private ArrayNode read() {
        try {
            return stored == null
                    ? DocumentParts.MAPPER.createArrayNode()
                    : (ArrayNode) DocumentParts.MAPPER.readTree(stored);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    Reviews with(Review review) {
        return new Reviews(
                FhirWriter.list(
                        all -> all.elements(stored).element(output -> write(review, output))));
    }

    /// The same with the reason of the last one sealed.
    Reviews sealingLast(UnaryOperator<String> seal) {
        ArrayNode all = read();
        for (JsonNode part : all.path(all.size() - 1).at("/extension/0/extension")) {
            if (part.path("valueCodeableConcept") instanceof ObjectNode concept
                    && concept.hasNonNull("text")) {
                concept.put("text", seal.apply(concept.path("text").asText()));
            }
        }
        return new Reviews(Unsealing.text(all.toString()));
    }

    /// Whoever approved it, in order.
    public List<Reviewer> approvers() {
        List<Reviewer> approvers = new ArrayList<>();
        for (JsonNode one : read()) {
            if (one.path("valueCode").asText().equals("approve")) {
                approvers.add(reviewer(one));
            }
        }
        return approvers;
    }

    public boolean isApprovedBy(Reviewer one) {
        return approvers().stream().anyMatch(one::is);
    }

    /// The clients of all of them, null when there is none.
    String @Nullable [] clients() {
        if (stored == null) {
            return null;
        }
        List<String> clients = new ArrayList<>();
        read().forEach(one -> clients.add(reviewer(one).client()));
        return clients.stream().distinct().toArray(String[]::new);
    }

    /// In one line what was added to `before`, codes only; null when nothing was.
    @Nullable String newSince(Reviews before) {
        if (Arrays.equals(stored, before.stored)) {
            return null;
        }
        JsonNode last = read().path(read().size() - 1);
        StringBuilder line = new StringBuilder(last.path("valueCode").asText());
        for (JsonNode part : last.at("/extension/0/extension")) {
            if (part.path("url").asText().equals("check")) {
                line.append("; ").append(part.at("/extension/0/valueCode").asText());
                line.append(' ').append(part.at("/extension/1/valueCode").asText());
            }
        }
        return line.toString();
    }

    private static Reviewer reviewer(JsonNode output) {
        String client = "";
        String person = null;
        for (JsonNode part : output.at("/extension/0/extension")) {
            switch (part.path("url").asText()) {
                case "client" -> client = part.path("valueString").asText();
                case "reviewer" -> person = part.at("/valueIdentifier/value").asText();
                default -> {}
            }
        }
        return new Reviewer(client, person);
    }

    private static void write(Review review, FhirWriter output) {
        output.list(
                        "extension",
                        all ->
                                all.extension(
                                        "review",
                                        one ->
                                                one.list(
                                                        "extension",
                                                        parts -> parts(review, parts))))
                .concept("type", FhirJson.SYSTEMS + "task-output", "review")
                .string("valueCode", review.decision());
    }

    private static void parts(Review review, FhirWriter parts) {
        String person = review.by().person();
        if (person != null) {
            String system = NhsaStaff.fault(person).isEmpty() ? NhsaStaff.SYSTEM : null;
            parts.part("reviewer", one -> one.identifier("valueIdentifier", system, person));
        }
        parts.part("client", one -> one.string("valueString", review.by().client()))
                .part("at", one -> one.instant("valueInstant", review.at()));
        Reason reason = review.reason();
        if (!reason.isEmpty()) {
            parts.part(
                    "reason",
                    one ->
                            one.concept(
                                    "valueCodeableConcept",
                                    reason.system(),
                                    reason.code(),
                                    reason.text()));
        }
        review.checks()
                .forEach((item, result) ->
                        parts.part(
                                "check",
                                check ->
                                        check.list(
                                                "extension",
                                                both ->
                                                        both.part(
                                                                        "item",
                                                                        one ->
                                                                                one.string(
                                                                                        "valueCode",
                                                                                        item))
                                                                .part(
                                                                        "result",
                                                                        one ->
                                                                                one.string(
                                                                                        "valueCode",
                                                                                        result)))));
    }
}
