package org.yifang.fhir.validate;

import org.hl7.fhir.r5.conformance.profile.ProfileUtilities;
import org.hl7.fhir.r5.context.IWorkerContext;
import org.hl7.fhir.r5.elementmodel.Element;
import org.hl7.fhir.r5.elementmodel.JsonParser;
import org.hl7.fhir.r5.elementmodel.Manager.FhirFormat;
import org.hl7.fhir.r5.elementmodel.Property;
import org.hl7.fhir.utilities.json.model.JsonElement;
import org.hl7.fhir.utilities.json.model.JsonProperty;
import org.hl7.fhir.utilities.json.model.JsonString;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;
import org.hl7.fhir.utilities.xhtml.XhtmlParser;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;

/// Reads JSON into the validator's elements as HAPI's parser does, to the same end, without two
/// things that took it half its time: asking each of the sixty elements a type may have for its
/// type although the JSON has none of it, and learning the names of all characters of XHTML anew
/// for each narrative.
///
/// For one thread, as the validator it serves.
@NullUnmarked
final class ElementReader extends JsonParser {
    private static final String DIV = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";

    /// What an element may be called in JSON, as HAPI looks for it: by hash, or by the beginning of
    /// the name where the type is part of it.
    ///
    /// @param asked whether HAPI has to be asked in any case
    private record Names(int value, int extras, @Nullable String base, boolean asked) {
        static Names of(Property property) {
            String name = property.getJsonName();
            boolean choice =
                    property.isChoice() || property.getDefinition().getPath().endsWith("data[x]");
            boolean plain = name.equals(property.getName()) && !property.isJsonPrimitiveChoice();
            if (!plain || choice && !name.endsWith("[x]")) {
                return new Names(0, 0, null, true);
            }
            return new Names(
                    name.hashCode(),
                    ("_" + name).hashCode(),
                    choice ? name.substring(0, name.length() - "[x]".length()) : null,
                    false);
        }

        boolean isAmong(List<JsonProperty> children) {
            if (asked) {
                return true;
            }
            for (JsonProperty child : children) {
                boolean met =
                        base == null
                                ? child.getNameHash() == value || child.getNameHash() == extras
                                : child.getName().startsWith(base)
                                        || child.getName().startsWith(base, 1);
                if (met) {
                    return true;
                }
            }
            return false;
        }
    }

    private final IdentityHashMap<Property, Names> names = new IdentityHashMap<>();
    private XhtmlParser xhtml = new XhtmlParser();

    ElementReader(IWorkerContext definitions, ProfileUtilities utilities) {
        super(definitions, utilities);
    }

    @Override
    public void parseChildItem(
            List<ValidationMessage> errors,
            String path,
            List<JsonProperty> children,
            Element element,
            Property property) {
        if (!names.computeIfAbsent(property, Names::of).isAmong(children)
                || property.getDefinition().getPath().equals("Narrative.div")
                        && readNarrative(children, element, property)) {
            return;
        }
        super.parseChildItem(errors, path, children, element, property);
    }

    /// Reads a narrative in which nothing is wrong; false when HAPI has to look at it.
    private boolean readNarrative(List<JsonProperty> children, Element element, Property property) {
        JsonProperty div = only(children);
        if (div == null
                || !(div.getValue() instanceof JsonString value)
                || div.isUnquotedValue()
                || value.hasComments()
                || !value.asString().startsWith(DIV)) {
            return false;
        }
        XhtmlNode read = read(value.asString());
        if (read == null) {
            return false;
        }
        div.setTag(1);
        Element one =
                new Element(div.getName(), property)
                        .markLocation(line(value), column(value))
                        .setFormat(FhirFormat.JSON);
        one.setPath(element.getPath() + "." + property.getName());
        element.getChildren().add(one);
        one.setXhtml(read);
        return true;
    }

    private static @Nullable JsonProperty only(List<JsonProperty> children) {
        JsonProperty found = null;
        for (JsonProperty child : children) {
            if (child.getName().equals("_div") || child.getName().equals("div") && found != null) {
                return null;
            }
            found = child.getName().equals("div") ? child : found;
        }
        return found;
    }

    /// A parser that met something odd is not used again: it remembers.
    private @Nullable XhtmlNode read(String div) {
        try {
            XhtmlNode read = xhtml.setXmlMode(true).parse(div, null).getDocumentElement();
            if (xhtml.getValidationIssues().isEmpty()) {
                return read;
            }
        } catch (IOException | RuntimeException fault) {
            // HAPI meets it again, and says so.
            xhtml = new XhtmlParser();
            return null;
        }
        xhtml = new XhtmlParser();
        return null;
    }

    private static int line(JsonElement element) {
        return element.getStart().getLine();
    }

    /// HAPI takes the line of the start and the column of the end.
    private static int column(JsonElement element) {
        return element.getEnd().getCol();
    }
}
