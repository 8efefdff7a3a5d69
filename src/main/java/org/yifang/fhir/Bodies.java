package org.yifang.fhir;

import ca.uhn.fhir.context.ConfigurationException;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.ErrorHandlerAdapter;
import ca.uhn.fhir.parser.IParser;

import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yifang.fhir.json.JsonSlices;
import org.yifang.fhir.json.StrictJson;
import org.yifang.fhir.json.StrictXml;
import org.yifang.platform.Limits;
import org.yifang.platform.XmlCharacters;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Turns request bodies into resources, and resources into the bytes that a caller wants.
public final class Bodies {
    /// Where the first tag of XML stands at the latest, after its declaration and comments.
    private static final int HEAD_BYTES = 4 * 1024;

    private static final Pattern XML_PARAMETERS =
            Pattern.compile("\\A\\uFEFF?\\s*(?:<[?!][^>]*>\\s*)*<Parameters[\\s>/]");

    private static final Logger LOG = LoggerFactory.getLogger(Bodies.class);

    /// Reads a body as one resource of the type that is wanted.
    ///
    /// @throws Problem `RX-1400` to `RX-1402`
    public static <R extends Resource> R parse(byte[] bytes, Fhir.Format format, Class<R> type) {
        var _ = requireReadable(bytes, format, type);
        try {
            return Fhir.parse(type, bytes, format);
        } catch (StackOverflowError tooDeep) {
            // JSON is bounded before it is read; of XML only the reader itself finds out.
            throw new Problem(
                    ProblemCode.NOT_FHIR,
                    "The body nests too deeply.",
                    "Nest as FHIR R4 does, some 15 levels at the most.");
        }
    }

    /// Refuses what is empty, and JSON that is not strict.
    ///
    /// @throws Problem `RX-1400`, `RX-1401`
    public static StrictJson.Extent requireReadable(
            byte[] bytes, Fhir.Format format, Class<? extends Resource> type) {
        if (bytes.length == 0) {
            throw new Problem(
                    ProblemCode.UNREADABLE,
                    "The body is empty.",
                    "Send a `" + type.getSimpleName() + "`.");
        }
        StrictJson.Extent extent =
                switch (format) {
                    case JSON -> StrictJson.measured(bytes);
                    case XML -> StrictXml.measured(bytes);
                };
        if (extent.values() > Limits.VALUES) {
            throw tooMuch(extent.values() + " values", Limits.VALUES);
        }
        if (extent.names() > Limits.NAMES) {
            throw tooMuch("an object with " + extent.names() + " names", Limits.NAMES);
        }
        return extent;
    }

    private static Problem tooMuch(String what, int most) {
        Bound.BODY_BYTES.reached();
        return new Problem(
                ProblemCode.NOT_FHIR,
                "The body holds " + what + ".",
                "Send at most " + most + ", and the others after that.");
    }

    /// Reads `Parameters`. They pass no validator, so the reader itself is strict here.
    public static Parameters parameters(byte[] bytes, Fhir.Format format) {
        var _ = requireReadable(bytes, format, Parameters.class);
        Strict strict = new Strict();
        IParser parser =
                format == Fhir.Format.JSON
                        ? Fhir.CONTEXT.newJsonParser()
                        : Fhir.CONTEXT.newXmlParser();
        parser.setParserErrorHandler(strict);
        try {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (parser.parseResource(text) instanceof Parameters parameters
                    && strict.findings.isEmpty()) {
                if (format == Fhir.Format.XML) {
                    Decimals.requireModest(parameters);
                }
                return parameters;
            }
        } catch (DataFormatException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NullPointerException
                | StackOverflowError failure) {
            strict.add("something that cannot be read", null);
        }
        // Something is wrong: what can be told better than element by element is told first.
        parse(bytes, format, Parameters.class);
        throw new Problem(strict.findings);
    }

    /// A resource as the caller wants it. What XML cannot carry, of a time when it was taken, is
    /// shown escaped.
    public static byte[] encode(IBaseResource resource, AnswerFormat wanted) {
        return wanted.summary() == null && wanted.elements() == null
                ? shown(resource, wanted)
                : rewrite(Fhir.json(resource), wanted);
    }

    private static byte[] shown(IBaseResource resource, AnswerFormat wanted) {
        if (wanted.format() == Fhir.Format.JSON) {
            return bytes(written(resource, wanted));
        }
        try {
            String text = written(resource, wanted);
            if (XmlCharacters.firstUnfit(text) == XmlCharacters.NONE) {
                return bytes(text);
            }
        } catch (ConfigurationException | DataFormatException unfit) {
            LOG.debug("a resource holds what XML cannot carry: {}", resource.fhirType());
        }
        Resource shown = Fhir.parse(XmlShown.json(Fhir.json(resource)), Fhir.Format.JSON);
        return bytes(written(shown, wanted));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String written(IBaseResource resource, AnswerFormat wanted) {
        IParser parser =
                wanted.format() == Fhir.Format.JSON
                        ? Fhir.CONTEXT.newJsonParser()
                        : Fhir.CONTEXT.newXmlParser();
        parser.setPrettyPrint(wanted.pretty());
        parser.setOverrideResourceIdWithBundleEntryFullUrl(false);
        return parser.encodeResourceToString(resource);
    }

    /// Stored JSON as the caller wants it.
    public static byte[] rewrite(byte[] stored, AnswerFormat wanted) {
        if (wanted.asStored()) {
            return stored;
        }
        byte[] json = Subset.of(stored, wanted);
        if (wanted.format() == Fhir.Format.JSON && !wanted.pretty()) {
            return json;
        }
        Resource read;
        try {
            read = Fhir.parse(json, Fhir.Format.JSON);
        } catch (Problem unfit) {
            // A narrative is XML within JSON.
            read = Fhir.parse(XmlShown.json(json), Fhir.Format.JSON);
        }
        return shown(read, wanted);
    }

    /// Notes everything that does not belong into a resource.
    private static final class Strict extends ErrorHandlerAdapter {
        private final List<Finding> findings = new ArrayList<>();

        void add(String what, @Nullable IParseLocation where) {
            String parent = where == null ? null : where.getParentElementName();
            findings.add(
                    new Finding(
                            ProblemCode.NOT_FHIR,
                            "The body holds " + what + ".",
                            "Send `Parameters` as FHIR R4 defines them.",
                            parent,
                            false));
        }

        @Override
        public void unknownElement(IParseLocation where, String name) {
            add("the unknown element `" + name + '`', where);
        }

        @Override
        public void unknownAttribute(IParseLocation where, String name) {
            add("the unknown attribute `" + name + '`', where);
        }

        @Override
        public void unexpectedRepeatingElement(IParseLocation where, String name) {
            add("`" + name + "` more than once", where);
        }

        @Override
        public void invalidValue(IParseLocation where, String value, String error) {
            add("the value `" + value + "` that cannot be read", where);
        }
    }

    /// Whether a body says that it is `Parameters`, whatever else is wrong with it.
    public static boolean isParameters(byte[] body, Fhir.Format format) {
        if (format == Fhir.Format.JSON) {
            return JsonSlices.type(body).equals("Parameters");
        }
        int most = Math.min(body.length, HEAD_BYTES);
        return XML_PARAMETERS.matcher(new String(body, 0, most, StandardCharsets.UTF_8)).find();
    }

    private Bodies() {}
}
