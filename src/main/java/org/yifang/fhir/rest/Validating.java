package org.yifang.fhir.rest;

import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.validate.Validation;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;
import java.util.UUID;

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

    private final Validation validation;
    private final Documents documents;

    /// @param documents judges a Bundle of type `document`, which is meant as a prescription here,
    ///   whether it says so or not
    public Validating(Validation validation, Documents documents) {
        this.validation = validation;
        this.documents = documents;
    }

    Answer validate(Exchange exchange) {
        Resource sent = exchange.excerpt();
        Resource resource = sent;
        String profile = exchange.query("profile");
        boolean wrapped = sent instanceof Parameters && !exchange.type().equals("Parameters");
        if (wrapped) {
            Parameters parameters = (Parameters) sent;
            resource = resource(parameters);
            profile = profile(parameters);
        }
        if (!resource.fhirType().equals(exchange.type())) {
            throw new Problem(
                    ProblemCode.NOT_FHIR,
                    "The body is a `" + resource.fhirType() + "`.",
                    "Send a `"
                            + exchange.type()
                            + "`, or call `/"
                            + resource.fhirType()
                            + "/$validate`.");
        }
        byte[] bytes = wrapped ? Fhir.json(resource) : exchange.body();
        Fhir.Format format = wrapped ? Fhir.Format.JSON : exchange.format();
        boolean document =
                resource instanceof Bundle bundle && bundle.getType() == BundleType.DOCUMENT;
        Judged judged = judge(exchange, bytes, format, document, profile);
        List<Finding> findings = judged.findings();
        return Answer.ok(findings.isEmpty() ? fine(exchange) : outcome(findings, exchange))
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

    private static OperationOutcome fine(Exchange exchange) {
        OperationOutcome outcome = new OperationOutcome();
        outcome.addIssue()
                .setSeverity(IssueSeverity.INFORMATION)
                .setCode(IssueType.INFORMATIONAL)
                .getDetails()
                .setText(exchange.language().equals("en") ? "Nothing is wrong with it." : "未发现问题。");
        return outcome;
    }
}
