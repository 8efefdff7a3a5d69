package org.yifang.prescription.life;

import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.json.FhirJson;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Why something was done: a code, a text, or both.
///
/// @param system of the code: the operation's own, or the one that the caller named
public record Reason(@Nullable String system, @Nullable String code, @Nullable String text) {
    public static final Reason NONE = new Reason(null, null, null);

    /// The longest code or system that is kept as one.
    private static final int CODE_MOST = 200;

    /// The codes of our own systems. The binding is preferred: others are kept, but not as ours.
    static final Map<String, Set<String>> OWN =
            Map.of(
                    "review-reason",
                    Set.of(
                            "dose-too-high",
                            "dose-too-low",
                            "wrong-use",
                            "not-indicated",
                            "contraindicated",
                            "allergy",
                            "interaction",
                            "incompatible",
                            "duplicate-therapy",
                            "skin-test-missing",
                            "wrong-form-or-route",
                            "incomplete",
                            "review-overdue",
                            "other"),
                    "cancel-reason",
                    Set.of(
                            "prescribing-error",
                            "allergy-found",
                            "adverse-reaction",
                            "condition-changed",
                            "patient-request",
                            "duplicate",
                            "replaced",
                            "other"),
                    "suspend-reason",
                    Set.of(
                            "awaiting-result",
                            "possible-error",
                            "patient-admitted",
                            "drug-recall",
                            "investigation",
                            "consent-withdrawn",
                            "other"),
                    "release-reason",
                    Set.of(
                            "out-of-stock",
                            "patient-left",
                            "patient-request",
                            "price",
                            "prescription-unclear",
                            "wrong-prescription",
                            "other"),
                    "take-back-reason",
                    Set.of(
                            "dispensing-error",
                            "quality-defect",
                            "recall",
                            "patient-refused",
                            "prescription-cancelled",
                            "adverse-reaction",
                            "other"));

    /// A code of one of our own systems.
    static Reason own(String system, String code) {
        return new Reason(FhirJson.SYSTEMS + system, code, null);
    }

    /// Reads a concept for an operation whose own system is `system`; a coding without system means
    /// that one. A code of another system stays under its name; one that ours does not have is kept
    /// as text.
    public static Reason of(@Nullable CodeableConcept concept, String system) {
        if (concept == null) {
            return NONE;
        }
        String own = FhirJson.SYSTEMS + system;
        Set<String> known = OWN.getOrDefault(system, Set.of());
        Predicate<Coding> meansOurs = one -> !one.hasSystem() || one.getSystem().equals(own);
        List<Coding> codings = concept.getCoding().stream().filter(Coding::hasCode).toList();
        Optional<Coding> ours =
                codings.stream()
                        .filter(meansOurs)
                        .filter(one -> known.contains(one.getCode()))
                        .findFirst();
        Optional<Coding> kept =
                ours.or(() ->
                        codings.stream()
                                .filter(meansOurs.negate())
                                .filter(one -> one.getCode().length() <= CODE_MOST)
                                .filter(one -> one.getSystem().length() <= CODE_MOST)
                                .findFirst());
        String text = concept.hasText() ? concept.getText().strip() : null;
        if (kept.isPresent()) {
            String of = ours.isPresent() ? own : kept.get().getSystem();
            return new Reason(of, kept.get().getCode(), said(text));
        }
        return new Reason(null, null, said(withUnknown(text, concept)));
    }

    /// The text, with the code that no system has, so that nothing said is lost.
    private static @Nullable String withUnknown(@Nullable String text, CodeableConcept concept) {
        if (!concept.hasCoding()) {
            return text;
        }
        Coding first = concept.getCodingFirstRep();
        String code = first.getCode();
        String words = text == null || text.isEmpty() ? first.getDisplay() : text;
        if (code == null || code.equals(words)) {
            return words;
        }
        return words == null ? code : words + " (" + code + ")";
    }

    /// The same with its text as it is stored.
    public Reason sealed(UnaryOperator<String> seal) {
        return text == null ? this : new Reason(system, code, seal.apply(text));
    }

    private static @Nullable String said(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /// Whether nothing was said.
    public boolean isEmpty() {
        return code == null && text == null;
    }
}
