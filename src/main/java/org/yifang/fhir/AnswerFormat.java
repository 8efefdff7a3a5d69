package org.yifang.fhir;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How one answer is to be written.
///
/// @param format JSON or XML
/// @param mediaType what stands in `Content-Type`: the generic type when that was asked for
/// @param pretty whether for human eyes
/// @param summary `true`, `text` or `data` of `_summary`, or null for everything
/// @param elements names of `_elements`, or null for everything
public record AnswerFormat(
        Fhir.Format format,
        String mediaType,
        boolean pretty,
        @Nullable String summary,
        @Nullable List<String> elements) {
    public static final AnswerFormat DEFAULT =
            new AnswerFormat(Fhir.Format.JSON, Fhir.Format.JSON.mediaType(), false, null, null);

    private static final Map<String, Fhir.Format> FORMATS =
            Map.of(
                    "application/fhir+json", Fhir.Format.JSON,
                    "application/json", Fhir.Format.JSON,
                    "text/json", Fhir.Format.JSON,
                    "json", Fhir.Format.JSON,
                    "application/fhir+xml", Fhir.Format.XML,
                    "application/xml", Fhir.Format.XML,
                    "text/xml", Fhir.Format.XML,
                    "xml", Fhir.Format.XML);

    /// Whether stored JSON bytes can be sent as they are.
    public boolean asStored() {
        return format == Fhir.Format.JSON && !pretty && summary == null && elements == null;
    }

    /// The format that a media type names, with or without parameters, or a short name as `_format`
    /// takes it.
    public static Optional<Fhir.Format> format(String name) {
        int parameters = name.indexOf(';');
        String bare = parameters < 0 ? name : name.substring(0, parameters);
        return Optional.ofNullable(FORMATS.get(bare.strip().toLowerCase(Locale.ROOT)));
    }
}
