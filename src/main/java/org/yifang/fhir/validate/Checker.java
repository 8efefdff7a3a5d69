package org.yifang.fhir.validate;

import org.hl7.fhir.r5.conformance.profile.ProfileUtilities;
import org.hl7.fhir.r5.elementmodel.Element;
import org.hl7.fhir.r5.elementmodel.JsonParser;
import org.hl7.fhir.r5.elementmodel.ParserBase;
import org.hl7.fhir.r5.elementmodel.ParserBase.ValidationPolicy;
import org.hl7.fhir.r5.elementmodel.ValidatedFragment;
import org.hl7.fhir.r5.elementmodel.XmlParser;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Excerpt;
import org.yifang.fhir.Fhir.Format;
import org.yifang.platform.Limits;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// Checks one resource after another. Not thread-safe: the validator in it is not.
final class Checker {
    /// A validator remembers little by little what it met (links inside narratives, texts beside
    /// codes); after so many bytes of documents a new one takes its place.
    ///
    /// Each one reads `oidregistry.csv` into 8 MB of memory, only to ask it when a fetcher is to
    /// follow addresses, and ours fetches nothing: an empty one in our resources hides HAPI's.
    private static final long BYTES_PER_VALIDATOR = 32L << 20;

    private final Definitions definitions;
    private final boolean fast;
    private ProfileValidator validator;
    private ParserBase json;
    private ParserBase xml;
    private long bytesSeen;

    Checker(Definitions definitions) {
        this(definitions, true);
    }

    Checker(Definitions definitions, boolean fast) {
        this.definitions = definitions;
        this.fast = fast;
        renew();
    }

    private void renew() {
        bytesSeen = 0;
        validator = new ProfileValidator(definitions, fast);
        ProfileUtilities utilities =
                new ProfileUtilities(definitions, null, null, validator.getFHIRPathEngine());
        json =
                fast
                        ? new ElementReader(definitions, utilities)
                        : new JsonParser(definitions, utilities);
        json.setupValidation(ValidationPolicy.EVERYTHING);
        XmlParser one = new XmlParser(definitions);
        one.setAllowXsiLocation(true);
        xml = one;
        xml.setupValidation(ValidationPolicy.EVERYTHING);
    }

    /// Everything that is wrong with a resource of our own, however long it takes.
    List<Finding> check(byte[] body, Format format, @Nullable StructureDefinition profile) {
        return judge(body, format, profile, Budget.unlimited());
    }

    /// What is wrong with a resource, as R4 and its profile see it, as far as its budget goes.
    List<Finding> check(
            Excerpt excerpt, Format format, @Nullable StructureDefinition profile, Budget budget) {
        List<Finding> findings = new ArrayList<>();
        if (excerpt.left() != null) {
            Bound.VALIDATION_TIME.reached();
            findings.add(excerpt.left());
        }
        if (excerpt.judged() != null) {
            findings.addAll(judge(excerpt.judged(), format, profile, budget));
        }
        return findings;
    }

    private List<Finding> judge(
            byte[] body, Format format, @Nullable StructureDefinition profile, Budget budget) {
        bytesSeen += body.length;
        if (bytesSeen > BYTES_PER_VALIDATOR) {
            renew();
        }
        List<ValidationMessage> messages = new ArrayList<>();
        try {
            Element element = element(body, format, messages);
            if (element != null) {
                List<StructureDefinition> profiles = new ArrayList<>();
                if (profile != null) {
                    profiles.add(profile);
                }
                validator.check(element, profiles, messages, budget);
            }
            return Findings.of(messages);
        } catch (Budget.Spent spent) {
            // It stopped somewhere in the middle, and would go on from there.
            renew();
            Bound.VALIDATION_TIME.reached();
            List<Finding> findings = new ArrayList<>(Findings.of(messages));
            findings.add(
                    new Finding(
                            ProblemCode.PROFILE_BROKEN,
                            "Judging it takes longer than " + Limits.JUDGING.toMillis() + " ms.",
                            "Mend what is told, or send less; the rest was not looked at."));
            return findings;
        } catch (StackOverflowError tooDeep) {
            renew();
            throw new Problem(
                    ProblemCode.NOT_FHIR,
                    "The body nests too deeply.",
                    "Nest as FHIR R4 does, some 15 levels at the most.");
        }
    }

    private @Nullable Element element(
            byte[] body, Format format, List<ValidationMessage> messages) {
        ParserBase parser =
                switch (format) {
                    case JSON -> json;
                    case XML -> xml;
                };
        try {
            ValidatedFragment whole = parser.parse(new ByteArrayInputStream(body)).getFirst();
            messages.addAll(whole.getErrors());
            return whole.getElement();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
