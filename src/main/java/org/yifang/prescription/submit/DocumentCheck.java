package org.yifang.prescription.submit;

import org.jspecify.annotations.Nullable;
import org.yifang.catalogue.Catalogue;
import org.yifang.fhir.Document;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.validate.Validation;
import org.yifang.identity.signature.CanonicalJson;
import org.yifang.identity.signature.Verdict;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.config.Config;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;
import org.yifang.prescription.paper.PlatformExtensions;
import org.yifang.registry.Practitioner;
import org.yifang.registry.Practitioners;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Reads a document and finds all that is wrong with it at once: its profile, the rules of
/// prescribing, its signature.
public final class DocumentCheck {
    private final Config config;
    private final Validation validation;
    private final Catalogue catalogue;
    private final Practitioners practitioners;
    private final DocumentSignatures signatures;
    private final InstantSource clock;

    public DocumentCheck(
            Config config,
            Validation validation,
            Catalogue catalogue,
            Practitioners practitioners,
            DocumentSignatures signatures,
            InstantSource clock) {
        this.config = config;
        this.validation = validation;
        this.catalogue = catalogue;
        this.practitioners = practitioners;
        this.signatures = signatures;
        this.clock = clock;
    }

    CheckedDocument check(Caller caller, byte[] body, Fhir.Format format) {
        CheckedDocument checked =
                validation.judge(
                        body,
                        format,
                        Validation.PRESCRIPTION_DOCUMENT,
                        (document, findings) -> profiled(document, findings, body, format));
        Submission submission = checked.submission();
        // A prescription that was valid when it was made may be checked later, by anybody.
        String as =
                caller.is(Role.HOSPITAL)
                        ? caller.organization()
                        : Objects.requireNonNullElse(submission.custodian(), "");
        // Not on the pool: a rule may ask the registry.
        checked.findings()
                .addAll(
                        SubmissionRules.check(
                                submission,
                                as,
                                clock.instant(),
                                config.prescribing(),
                                this::registeredTitle));
        signature(caller, checked).ifPresent(checked.findings()::add);
        return checked;
    }

    private CheckedDocument profiled(
            Document document, List<Finding> findings, byte[] body, Fhir.Format format) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(PlatformExtensions.in(document.tree(), "Bundle"));
        boolean fine = all.stream().allMatch(Finding::warning);
        return new CheckedDocument(
                SubmissionReader.read(document.bundle(), catalogue),
                all,
                body,
                format,
                document.json(),
                document.tree(),
                fine ? CanonicalJson.contentHash(document.json()) : new byte[0],
                document.bundle().hasSignature());
    }

    private @Nullable String registeredTitle(String staffNumber) {
        return practitioners.byNumber(staffNumber).map(Practitioner::title).orElse(null);
    }

    private Optional<Finding> signature(Caller caller, CheckedDocument document) {
        if (!document.signed()) {
            return config.signatureRequired()
                    ? Optional.of(
                            finding(
                                    ProblemCode.SIGNATURE_MISSING,
                                    "The prescription is not signed.",
                                    "Sign it: Bundle.signature with a detached JWS, as"
                                            + " `docs/integrators.md` shows."))
                    : Optional.empty();
        }
        if (document.format() != Fhir.Format.JSON) {
            return Optional.of(
                    finding(
                            ProblemCode.SIGNATURE_BAD,
                            "A signed prescription must be JSON.",
                            "The signature is over canonical JSON (RFC 8785)."));
        }
        Verdict.Invalid fault = signatures.fault(document.body(), caller.clientId());
        return fault == null
                ? Optional.empty()
                : Optional.of(finding(ProblemCode.SIGNATURE_BAD, fault.reason(), fault.remedy()));
    }

    private static Finding finding(ProblemCode code, String detail, String remedy) {
        return new Finding(code, detail, remedy, "Bundle.signature", false);
    }
}
