package org.yifang.fhir;

import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.Problem;
import org.yifang.platform.Problem.Finding;
import org.yifang.platform.ProblemCode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Answers `$validate`: what is wrong with a resource by its profile and by the rules of its
/// domain, with nothing stored.
public final class Validating {
    /// The rules of a domain on one type of resource.
    @FunctionalInterface
    public interface Rules {
        List<Finding> check(Exchange exchange, Resource resource);
    }

    private final Validation validation;
    private final Map<String, Rules> rules = new LinkedHashMap<>();

    public Validating(Validation validation) {
        this.validation = validation;
    }

    /// Adds a domain's rules; they are asked only about what its profile finds no error in.
    public Validating rules(String type, Rules more) {
        rules.put(type, more);
        return this;
    }

    Answer validate(Exchange exchange) {
        Resource sent = exchange.resource(Resource.class);
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
        List<Finding> findings =
                new ArrayList<>(
                        validation.validate(
                                bytes, format, profile == null ? implied(resource) : profile));
        Rules more = rules.get(exchange.type());
        if (more != null && findings.stream().allMatch(Finding::warning)) {
            findings.addAll(more.check(exchange, resource));
        }
        return Answer.ok(findings.isEmpty() ? fine(exchange) : outcome(findings, exchange));
    }

    private static OperationOutcome outcome(List<Finding> findings, Exchange exchange) {
        return Outcomes.outcome(findings, exchange.language());
    }

    /// A document is meant as a prescription here, whether it says so or not.
    private static @Nullable String implied(Resource resource) {
        return resource instanceof Bundle bundle && bundle.getType() == Bundle.BundleType.DOCUMENT
                ? Validation.PRESCRIPTION_DOCUMENT
                : null;
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
