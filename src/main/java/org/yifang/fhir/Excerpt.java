package org.yifang.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir.Format;
import org.yifang.fhir.json.JsonTree;
import org.yifang.fhir.json.StrictJson;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What of a document is judged when it is larger than any that is meant seriously, so that judging
/// never takes longer than a caller waits.
///
/// @param judged the part that is looked at, null when there is none
/// @param left what is told of the part that is not, null when all is looked at
public record Excerpt(byte @Nullable [] judged, @Nullable Finding left) {
    /// Of what may not even be readable: that is the parser's to say.
    public static Excerpt of(byte[] document, Format format) {
        try {
            return of(document, format, Bodies.requireReadable(document, format, Resource.class));
        } catch (Problem unreadable) {
            return new Excerpt(document, null);
        }
    }

    /// @param extent how large the document is
    public static Excerpt of(byte[] document, Format format, StrictJson.Extent extent) {
        boolean small =
                extent.entries() <= Limits.ENTRIES_JUDGED
                        && extent.longest() <= Limits.ITEMS_JUDGED
                        && extent.values() <= Limits.VALUES_JUDGED;
        if (small) {
            return new Excerpt(document, null);
        }
        Finding left = left(extent);
        if (format == Format.XML) {
            return new Excerpt(null, left);
        }
        byte[] cut =
                JsonTree.write(shortened(JsonTree.read(document), Limits.ENTRIES_JUDGED))
                        .getBytes(StandardCharsets.UTF_8);
        boolean fits = StrictJson.measured(cut).values() <= Limits.VALUES_JUDGED;
        return new Excerpt(fits ? cut : null, left);
    }

    private static Finding left(StrictJson.Extent extent) {
        if (extent.entries() > Limits.ENTRIES_JUDGED) {
            int more = extent.entries() - Limits.ENTRIES_JUDGED;
            return new Finding(
                    ProblemCode.PROFILE_BROKEN,
                    "The Bundle has " + extent.entries() + " entries.",
                    "At most "
                            + Limits.ENTRIES_JUDGED
                            + " are judged, and "
                            + more
                            + " more were not looked at.",
                    "Bundle.entry",
                    false);
        }
        if (extent.longest() > Limits.ITEMS_JUDGED) {
            return new Finding(
                    ProblemCode.PROFILE_BROKEN,
                    "A list in it has " + extent.longest() + " items.",
                    "At most "
                            + Limits.ITEMS_JUDGED
                            + " are judged, and "
                            + (extent.longest() - Limits.ITEMS_JUDGED)
                            + " more were not looked at.");
        }
        return new Finding(
                ProblemCode.PROFILE_BROKEN,
                "It has " + extent.values() + " values.",
                "At most " + Limits.VALUES_JUDGED + " are judged: send less at once.");
    }

    /// A copy in which no list is longer than is judged.
    private static JsonNode shortened(JsonNode node, int most) {
        return switch (node) {
            case ArrayNode list -> {
                ArrayNode few = JsonTree.MAPPER.createArrayNode();
                for (int i = 0; i < Math.min(most, list.size()); i++) {
                    few.add(shortened(list.get(i), Limits.ITEMS_JUDGED));
                }
                yield few;
            }
            case ObjectNode object -> {
                ObjectNode copy = JsonTree.MAPPER.createObjectNode();
                for (Map.Entry<String, JsonNode> one : object.properties()) {
                    copy.set(
                            one.getKey(),
                            shortened(
                                    one.getValue(),
                                    one.getKey().equals("entry") ? most : Limits.ITEMS_JUDGED));
                }
                yield copy;
            }
            default -> node;
        };
    }
}
