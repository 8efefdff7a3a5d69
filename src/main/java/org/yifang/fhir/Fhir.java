package org.yifang.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.PerformanceOptionsEnum;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IJsonLikeParser;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.LenientErrorHandler;
import ca.uhn.fhir.parser.json.JsonLikeStructure;

import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/// The one FhirContext of the service, and reading and writing of resources with it.
public final class Fhir {
    /// How a resource is written: as JSON or as XML.
    public enum Format {
        JSON("application/fhir+json"),
        XML("application/fhir+xml");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        /// Without charset: both are always UTF-8 here.
        public String mediaType() {
            return mediaType;
        }
    }

    /// Building it takes seconds, so everybody shares this one. Thread-safe.
    public static final FhirContext CONTEXT = context();

    private Fhir() {}

    private static FhirContext context() {
        FhirContext context = FhirContext.forR4();
        context.setPerformanceOptions(PerformanceOptionsEnum.DEFERRED_MODEL_SCANNING);
        // What is wrong with values is the validator's business, which tells all of it at once.
        context.setParserErrorHandler(new LenientErrorHandler(false).setErrorOnInvalidValue(false));
        context.getParserOptions().setStripVersionsFromReferences(false);
        return context;
    }

    /// Reads a resource of a known type.
    ///
    /// @throws Problem NOT_FHIR when the text is no resource, or one of another type
    public static <T extends IBaseResource> T parse(Class<T> type, byte[] body, Format format) {
        return as(type, parse(body, format));
    }

    /// Reads a resource of a known type out of JSON that is a tree already.
    ///
    /// @throws Problem NOT_FHIR when the tree is no resource, or one of another type
    static <T extends IBaseResource> T parse(Class<T> type, JsonLikeStructure tree) {
        IJsonLikeParser parser = (IJsonLikeParser) parser(Format.JSON);
        return as(type, reading(() -> parser.parseResource(tree), Format.JSON));
    }

    private static <T extends IBaseResource> T as(Class<T> type, Resource resource) {
        if (!type.isInstance(resource)) {
            throw new Problem(
                    ProblemCode.NOT_FHIR,
                    "The body is a `" + resource.fhirType() + "`.",
                    "Send a `" + type.getSimpleName() + "`.");
        }
        return type.cast(resource);
    }

    /// Reads a resource of any type.
    ///
    /// @throws Problem NOT_FHIR when the text is no resource
    public static Resource parse(byte[] body, Format format) {
        String text = new String(body, StandardCharsets.UTF_8);
        Resource read = reading(() -> parser(format).parseResource(text), format);
        if (format == Format.XML) {
            Decimals.requireModest(read);
        }
        return read;
    }

    private static Resource reading(Supplier<IBaseResource> reader, Format format) {
        try {
            return (Resource) reader.get();
        } catch (DataFormatException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | NullPointerException e) {
            throw notFhir(plain(e.getMessage()), format);
        }
    }

    static Problem notFhir(String why, Format format) {
        return new Problem(
                ProblemCode.NOT_FHIR,
                "The body cannot be read as a FHIR resource: " + why + ".",
                "Send one FHIR R4 resource as " + format.mediaType() + ".");
    }

    /// Writes a resource without white space.
    public static byte[] encode(IBaseResource resource, Format format) {
        return encode(resource, format, false);
    }

    /// Writes a resource, for eyes or for wires.
    public static byte[] encode(IBaseResource resource, Format format, boolean pretty) {
        return parser(format)
                .setPrettyPrint(pretty)
                .encodeResourceToString(resource)
                .getBytes(StandardCharsets.UTF_8);
    }

    /// Writes a resource as JSON.
    public static byte[] json(IBaseResource resource) {
        return encode(resource, Format.JSON);
    }

    /// The other of the two formats for a resource that was stored in one.
    public static byte[] convert(byte[] body, Format from, Format to) {
        return from == to ? body : encode(parse(body, from), to);
    }

    private static IParser parser(Format format) {
        IParser parser =
                switch (format) {
                    case JSON -> CONTEXT.newJsonParser();
                    case XML -> CONTEXT.newXmlParser();
                };
        return parser.setOverrideResourceIdWithBundleEntryFullUrl(false);
    }

    /// HAPI's messages begin with a number of its own, which says nothing to a caller.
    private static String plain(@Nullable String message) {
        if (message == null) {
            return "it is empty";
        }
        String text = message.replaceFirst("^HAPI-\\d+: ", "").strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
