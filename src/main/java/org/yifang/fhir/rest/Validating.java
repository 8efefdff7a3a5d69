package org.yifang.fhir.rest;

import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.json.JsonSlices;
import org.yifang.fhir.search.Source;
import org.yifang.fhir.validate.Validation;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/// Answers `$validate`: what is wrong with a resource by its profile and by the rules of its
/// domain, with nothing stored.
public final class Validating {
    /// Finds everything that is wrong with a document, by its profile and by the domain's rules.
    @FunctionalInterface
    public interface Documents {
        Judged judge(Caller caller, byte[] document, Fhir.Format format);
    }

    /// What was found.
    ///
    /// @param patients whose other prescriptions were looked at for it
    public record Judged(List<Finding> findings, List<UUID> patients) {}

    private static final Map<String, String> FINE =
            Map.of("en", "Nothing is wrong with it.", "zh-CN", "未发现问题。");

    private final Validation validation;
    private final Documents documents;

    /// @param documents judges a Bundle of type `document`, which is meant as a prescription here,
    ///   whether it says so or not
    public Validating(Validation validation, Documents documents) {
        this.validation = validation;
        this.documents = documents;
    }

    /// What is sent, or else what is stored under the id of the address as this caller reads it.
    ///
    /// @param stored reads that, null when there is none
    Answer validate(Exchange exchange, Supplier<Source.@Nullable Found> stored) {
        if (exchange.body().length == 0 && exchange.onInstance()) {
            Source.Found found = stored.get();
            if (found == null) {
                throw Outcomes.notFound();
            }
            // What was taken is judged by its form only: the rules are about taking it now.
            return judged(
                            exchange,
                            new Exchange.Sent(found.json(), Fhir.Format.JSON),
                            false,
                            exchange.query("profile"))
                    .touching(found.patients(), found.tasks());
        }
        Resource sent = exchange.excerpt();
        boolean wrapped = sent instanceof Parameters && !exchange.type().equals("Parameters");
        if (!wrapped) {
            requireType(exchange, sent);
            return judged(
                    exchange,
                    new Exchange.Sent(exchange.body(), exchange.format()),
                    isDocument(sent),
                    exchange.query("profile"));
        }
        Parameters parameters = (Parameters) sent;
        Resource resource = resource(parameters);
        requireType(exchange, resource);
        byte[] bytes = null;
        if (exchange.format() == Fhir.Format.JSON) {
            // The bytes as they were sent: a signature is over them.
            bytes =
                    JsonSlices.of(exchange.body(), "parameter").stream()
                            .filter(one -> "resource".equals(one.name()))
                            .map(JsonSlices.Element::resource)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null);
        }
        return judged(
                exchange,
                new Exchange.Sent(bytes == null ? Fhir.json(resource) : bytes, Fhir.Format.JSON),
                isDocument(resource),
                profile(parameters));
    }

    private static void requireType(Exchange exchange, Resource resource) {
        String wanted = exchange.type();
        if (wanted.isEmpty() || resource.fhirType().equals(wanted)) {
            return;
        }
        throw new Problem(
                ProblemCode.NOT_FHIR,
                "The body is a `" + resource.fhirType() + "`.",
                "Send a `" + wanted + "`, or call `/" + resource.fhirType() + "/$validate`.");
    }

    private static boolean isDocument(Resource resource) {
        return resource instanceof Bundle bundle && bundle.getType() == BundleType.DOCUMENT;
    }

    private Answer judged(
            Exchange exchange, Exchange.Sent sent, boolean document, @Nullable String profile) {
        Judged judged = judge(exchange, sent.bytes(), sent.format(), document, profile);
        List<Finding> findings = judged.findings();
        return Answer.ok(
                        findings.isEmpty()
                                ? Outcomes.fine(FINE.getOrDefault(exchange.language(), "Fine."))
                                : outcome(findings, exchange))
                .touching(judged.patients(), List.of());
    }

    private Judged judge(
            Exchange exchange,
            byte[] bytes,
            Fhir.Format format,
            boolean document,
            @Nullable String profile) {
        try {
            return document && profile == null
                    ? documents.judge(exchange.caller(), bytes, format)
                    : new Judged(validation.validate(bytes, format, profile), List.of());
        } catch (Problem broken) {
            if (broken.code() == ProblemCode.PROFILE_BROKEN) {
                // One too large to be judged whole; what was found of it is the answer here.
                return new Judged(broken.findings(), List.of());
            }
            throw broken;
        }
    }

    private static OperationOutcome outcome(List<Finding> findings, Exchange exchange) {
        return Outcomes.outcome(findings, exchange.language());
    }

    private static Resource resource(Parameters parameters) {
        return parameters.getParameter().stream()
                .filter(one -> "resource".equals(one.getName()) && one.hasResource())
                .map(ParametersParameterComponent::getResource)
                .findFirst()
                .orElseThrow(() ->
                        new Problem(
                                ProblemCode.PARAMETER_MISSING,
                                "The parameter `resource` is missing.",
                                "Send what is to be validated as `resource`."));
    }

    private static @Nullable String profile(Parameters parameters) {
        return parameters.getParameter().stream()
                .filter(one -> "profile".equals(one.getName()))
                .map(ParametersParameterComponent::getValue)
                .filter(PrimitiveType.class::isInstance)
                .map(value -> ((PrimitiveType<?>) value).getValueAsString())
                .findFirst()
                .orElse(null);
    }
}
