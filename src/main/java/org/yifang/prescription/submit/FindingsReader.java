package org.yifang.prescription.submit;

import static org.yifang.prescription.submit.SubmissionReader.codes;

import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.StringType;
import org.yifang.catalogue.DrugCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads what was found out about the patient: allergies and skin tests.
final class FindingsReader {
    /// Where no system is named, only what can be nothing else: `J01C`, `J01CA04`, not `J01`.
    private static final Pattern ATC = Pattern.compile("[A-Z]\\d{2}[A-Z]{1,2}(\\d{2})?");

    private static final Pattern ATC_GROUP = Pattern.compile("[A-Z]\\d{2}([A-Z]{1,2}(\\d{2})?)?");
    private static final String SKIN_TEST_CODE = "skin-test";

    /// What is said of a test beside its substance.
    private static final Pattern NO_SUBSTANCE =
            Pattern.compile(
                    "皮肤过敏试验|皮肤试验|过敏试验|皮试|试验|结果|阴性|阳性|药物|药品|skin|test|result|drug"
                            + "|allergy|[\\s()（）:：+＋\\-－_,，.。]",
                    Pattern.CASE_INSENSITIVE);

    /// POS, SNOMED CT positive, LOINC answer positive.
    private static final Set<String> POSITIVE = Set.of("POS", "10828004", "LA6576-8");

    private static final Pattern POSITIVE_WORDS =
            Pattern.compile("阳性|positive|^\\W*[+＋]+\\W*$", Pattern.CASE_INSENSITIVE);

    /// Without those that turned out to be none or were entered in error.
    static List<Submission.Substance> allergies(List<AllergyIntolerance> allergies) {
        return allergies.stream()
                .filter(one ->
                        codes(one.getVerificationStatus())
                                .noneMatch(Set.of("refuted", "entered-in-error")::contains))
                .map(one -> {
                    List<CodeableConcept> concepts = new ArrayList<>();
                    concepts.add(one.getCode());
                    one.getReaction().forEach(reaction -> concepts.add(reaction.getSubstance()));
                    return substance(concepts);
                })
                .toList();
    }

    /// Those that have a result; a test that was only ordered or taken back has none.
    static List<Submission.SkinTest> skinTests(List<Observation> observations) {
        return observations.stream()
                .filter(FindingsReader::isSkinTest)
                .filter(one -> one.hasValue() || one.hasInterpretation())
                .filter(one ->
                        one.getStatus() == null
                                || !Set.of("entered-in-error", "cancelled", "registered")
                                        .contains(one.getStatus().toCode()))
                .map(one -> new Submission.SkinTest(tested(one), isPositive(one)))
                .toList();
    }

    private static boolean isSkinTest(Observation observation) {
        return words(observation.getCode())
                        .anyMatch(word ->
                                word.contains("皮试")
                                        || word.contains("皮肤试验")
                                        || word.toLowerCase(Locale.ROOT).contains("skin test"))
                || codes(observation.getCode()).anyMatch(SKIN_TEST_CODE::equals);
    }

    private static Submission.Substance tested(Observation observation) {
        Submission.Substance named = substance(List.of(observation.getCode()));
        return new Submission.Substance(
                named.words().stream()
                        .map(word -> NO_SUBSTANCE.matcher(word).replaceAll(""))
                        .filter(word -> !word.isBlank())
                        .toList(),
                named.codes());
    }

    private static boolean isPositive(Observation observation) {
        Stream<CodeableConcept> value =
                observation.getValue() instanceof CodeableConcept concept
                        ? Stream.of(concept)
                        : Stream.empty();
        boolean coded =
                Stream.concat(value, observation.getInterpretation().stream())
                        .anyMatch(concept ->
                                codes(concept).anyMatch(POSITIVE::contains)
                                        || words(concept)
                                                .anyMatch(word ->
                                                        POSITIVE_WORDS.matcher(word).find()));
        return coded
                || switch (observation.getValue()) {
                    case BooleanType yes -> yes.booleanValue();
                    case StringType text -> POSITIVE_WORDS.matcher(text.getValueNotNull()).find();
                    case null, default -> false;
                };
    }

    private static Submission.Substance substance(List<CodeableConcept> concepts) {
        return new Submission.Substance(
                concepts.stream()
                        .flatMap(FindingsReader::words)
                        .filter(word -> !word.isBlank())
                        .distinct()
                        .toList(),
                concepts.stream()
                        .flatMap(concept -> concept.getCoding().stream())
                        .filter(FindingsReader::namesDrug)
                        .map(coding -> coding.getCode().toUpperCase(Locale.ROOT))
                        .distinct()
                        .toList());
    }

    private static Stream<String> words(CodeableConcept concept) {
        return Stream.concat(
                Stream.ofNullable(concept.getText()),
                concept.getCoding().stream().map(Coding::getDisplay).flatMap(Stream::ofNullable));
    }

    private static boolean namesDrug(Coding coding) {
        String code = coding.getCode();
        if (code == null) {
            return false;
        }
        String system = coding.hasSystem() ? coding.getSystem().toLowerCase(Locale.ROOT) : "";
        if (DrugCode.SYSTEM.equals(system)) {
            return true;
        }
        boolean atc =
                system.contains("whocc.no")
                        || system.endsWith("/atc")
                        || system.endsWith("2.16.840.1.113883.6.73");
        String upper = code.toUpperCase(Locale.ROOT);
        return atc
                ? ATC_GROUP.matcher(upper).matches()
                : system.isEmpty() && ATC.matcher(upper).matches();
    }

    private FindingsReader() {}
}
