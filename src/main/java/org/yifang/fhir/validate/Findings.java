package org.yifang.fhir.validate;

import org.hl7.fhir.utilities.i18n.I18nConstants;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.utilities.validation.ValidationMessage.IssueSeverity;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/// Turns what the validator says into findings that a caller can act on.
final class Findings {
    /// `entry[3].resource/*Patient/null*/.name`: the part between the marks is for debugging.
    private static final Pattern MARKS = Pattern.compile("/\\*[^*]*\\*/");

    /// What the validator says about our own definitions or its own doubts, never about the sender.
    private static final Set<String> NOISE =
            Set.of(
                    I18nConstants.TERMINOLOGY_TX_BINDING_NOSOURCE,
                    I18nConstants.TERMINOLOGY_TX_VALUESET_NOTFOUND,
                    I18nConstants.UNKNOWN_CODESYSTEM);

    private Findings() {}

    /// Errors and warnings in their order, each once; hints are left out.
    static List<Finding> of(List<ValidationMessage> messages) {
        List<Finding> findings = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ValidationMessage message : messages) {
            if (tells(message) && seen.add(message.getLocation() + ' ' + message.getMessage())) {
                findings.add(finding(message));
            }
        }
        return findings;
    }

    private static boolean tells(ValidationMessage message) {
        return message.getLevel() != IssueSeverity.INFORMATION
                && message.getLevel() != IssueSeverity.NULL
                && !message.isSlicingHint()
                && (message.getMessageId() == null || !NOISE.contains(message.getMessageId()));
    }

    private static Finding finding(ValidationMessage message) {
        return new Finding(
                code(message),
                sentence(message.getMessage()),
                null,
                expression(message.getLocation()),
                message.getLevel() == IssueSeverity.WARNING && !leadsNowhere(message));
    }

    /// A line whose patient is not in the document is no small matter, whatever HAPI says; what the
    /// prescription before was need not be in this one.
    private static boolean leadsNowhere(ValidationMessage message) {
        return I18nConstants.BUNDLE_BUNDLE_NOT_LOCAL.equals(message.getMessageId())
                && !message.getLocation().endsWith(".priorPrescription");
    }

    private static ProblemCode code(ValidationMessage message) {
        // The parser gives no number to this one; its texts are always the English ones here.
        String text = Objects.requireNonNullElse(message.getMessage(), "");
        if (text.startsWith("The JSON property '") && text.contains("' is a duplicate")) {
            return ProblemCode.DUPLICATE_NAME;
        }
        return message.getLevel() == IssueSeverity.FATAL
                ? ProblemCode.NOT_FHIR
                : ProblemCode.PROFILE_BROKEN;
    }

    private static String sentence(@Nullable String message) {
        String text =
                Objects.requireNonNullElse(message, "The resource breaks its profile").strip();
        return text.endsWith(".") || text.endsWith("。") ? text : text + ".";
    }

    private static @Nullable String expression(@Nullable String location) {
        if (location == null || location.isBlank() || location.startsWith("(")) {
            return null;
        }
        return MARKS.matcher(location).replaceAll("");
    }
}
