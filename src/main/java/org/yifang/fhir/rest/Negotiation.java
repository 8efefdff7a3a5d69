package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.AnswerFormat;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.search.Query;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Chooses the media type and the language of an answer by what the caller says it takes.
final class Negotiation {
    private static final List<String> SUMMARIES = List.of("true", "false", "text", "data", "count");

    private record Range(String type, double quality) {}

    /// How the caller wants FHIR: `_format` before `Accept`, JSON when it does not say.
    ///
    /// @throws Problem `RX-1006` when it wants neither JSON nor XML, `RX-1403` when `_summary` or
    ///   `_pretty` cannot be read
    static AnswerFormat wanted(@Nullable String accept, Query query) {
        String mediaType = mediaType(accept, query.first("_format"));
        Fhir.Format format = AnswerFormat.format(mediaType).orElse(Fhir.Format.JSON);
        String pretty = oneOf("_pretty", query.first("_pretty"), List.of("true", "false"));
        String summary = oneOf("_summary", query.first("_summary"), SUMMARIES);
        String elements = query.first("_elements");
        return new AnswerFormat(
                format,
                mediaType,
                "true".equals(pretty),
                "false".equals(summary) || "count".equals(summary) ? null : summary,
                elements == null || elements.isBlank()
                        ? null
                        : Arrays.stream(elements.split(",", -1)).map(String::strip).toList());
    }

    /// As [#wanted], but never refuses: errors must be told in some way.
    static AnswerFormat wantedForError(@Nullable String accept, Query query) {
        try {
            String mediaType = mediaType(accept, query.first("_format"));
            Fhir.Format format = AnswerFormat.format(mediaType).orElse(Fhir.Format.JSON);
            boolean pretty = "true".equals(query.first("_pretty"));
            return new AnswerFormat(format, mediaType, pretty, null, null);
        } catch (Problem refused) {
            return AnswerFormat.DEFAULT;
        }
    }

    private static @Nullable String oneOf(
            String name, @Nullable String value, List<String> allowed) {
        if (value != null && !allowed.contains(value)) {
            throw new Problem(
                    ProblemCode.PARAMETER_UNREADABLE,
                    "The parameter `" + name + "` is `" + value + "`.",
                    "It is one of `" + String.join("`, `", allowed) + "`.");
        }
        return value;
    }

    private static String mediaType(@Nullable String accept, @Nullable String named) {
        if (named != null) {
            // A plus sign that was not encoded arrives as a space.
            String name = named.replace(' ', '+');
            Fhir.Format format = AnswerFormat.format(name).orElseThrow(() -> notAcceptable(name));
            return format.mediaType();
        }
        for (Range range : ranges(accept)) {
            if (range.type().equals("*/*") || range.type().equals("application/*")) {
                return Fhir.Format.JSON.mediaType();
            }
            if (AnswerFormat.format(range.type()).isPresent() && range.type().contains("/")) {
                return range.type();
            }
        }
        throw notAcceptable(accept == null ? "" : accept);
    }

    /// What a Binary is wanted as: one of `native`, or empty for the resource.
    ///
    /// @throws Problem `RX-1006` when it is wanted as something else
    static String binary(@Nullable String accept, @Nullable String named, String... natives) {
        if (named != null) {
            return "";
        }
        for (Range range : ranges(accept)) {
            String type = range.type();
            if (type.equals("*/*")
                    || type.equals("application/*")
                    || AnswerFormat.format(type).isPresent()) {
                return "";
            }
            for (String one : natives) {
                if (type.equals(one)) {
                    return one;
                }
            }
        }
        throw notAcceptable(accept == null ? "" : accept);
    }

    /// The first of `offered` that the caller likes best.
    ///
    /// @throws Problem `RX-1006` when it takes none of them
    static String best(@Nullable String accept, @Nullable String named, List<String> offered) {
        List<Range> ranges =
                named == null
                        ? ranges(accept)
                        : List.of(new Range(named.toLowerCase(Locale.ROOT), 1));
        for (Range range : ranges) {
            for (String one : offered) {
                String family = one.substring(0, one.indexOf('/')) + "/*";
                if (range.type().equals("*/*")
                        || range.type().equals(one)
                        || range.type().equals(family)) {
                    return one;
                }
            }
        }
        throw notAcceptable(accept == null ? "" : accept);
    }

    private static Problem notAcceptable(String asked) {
        return new Problem(
                ProblemCode.NOT_ACCEPTABLE,
                "No answer can be written as `" + asked + "`.",
                "Accept `application/fhir+json` or `application/fhir+xml`.");
    }

    /// The ranges of an `Accept` header, the best first, without those refused by `q=0`.
    private static List<Range> ranges(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return List.of(new Range("*/*", 1));
        }
        List<Range> ranges = new ArrayList<>();
        for (String one : accept.split(",", -1)) {
            String[] parts = one.split(";", -1);
            double quality = 1;
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip();
                if (parameter.startsWith("q=")) {
                    quality = quality(parameter.substring(2));
                }
            }
            String type = parts[0].strip().toLowerCase(Locale.ROOT);
            if (quality > 0 && !type.isEmpty()) {
                ranges.add(new Range(type, quality));
            }
        }
        // Stable: among equals the first written wins.
        ranges.sort(Comparator.comparingDouble(Range::quality).reversed());
        return ranges;
    }

    private static double quality(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException failure) {
            return 0;
        }
    }

    /// `en` when the caller prefers English to Chinese, else `zh-CN`.
    static String language(@Nullable String acceptLanguage) {
        if (acceptLanguage != null) {
            for (Range range : ranges(acceptLanguage)) {
                if (range.type().startsWith("zh")) {
                    return "zh-CN";
                }
                if (range.type().startsWith("en")) {
                    return "en";
                }
            }
        }
        return "zh-CN";
    }

    private Negotiation() {}
}
