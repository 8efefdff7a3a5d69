package org.yifang.fhir.validate;

import org.hl7.fhir.r5.elementmodel.Element;
import org.hl7.fhir.r5.model.ElementDefinition;
import org.hl7.fhir.r5.model.ElementDefinition.ElementDefinitionConstraintComponent;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Remembers which small parts of documents were found faultless, so that the same coding, unit or
/// identifier system is judged once and not in each of ten thousand prescriptions.
///
/// A verdict is used again only for a part equal to the last character, held against the same
/// element of the same profile, and only where nothing outside the part could change it: no
/// reference, no narrative, no resource, no element id, no extension, no rule that looks around.
/// Faults are never remembered: whatever is not known to be faultless is judged by the validator.
///
/// For one thread, as the validator it serves.
final class KnownParts {
    /// Beyond so many different parts all is forgotten and learned anew, in one document's time.
    private static final int PARTS_MAX = 20_000;

    private static final int VALUE_CHARS_MAX = 500;

    /// One part's content: equal parts are one object.
    private record Content(
            String name, String type, @Nullable String value, List<Content> children) {
        // Children are one object when equal, so that a part costs as much as its own level.
        @Override
        public boolean equals(@Nullable Object other) {
            if (!(other instanceof Content that)
                    || !name.equals(that.name)
                    || !type.equals(that.type)
                    || children.size() != that.children.size()
                    || !(value == null ? that.value == null : value.equals(that.value))) {
                return false;
            }
            for (int i = 0; i < children.size(); i++) {
                if (children.get(i) != that.children.get(i)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            int hash = name.hashCode() * 31 + (value == null ? 0 : value.hashCode());
            for (Content child : children) {
                hash = hash * 31 + System.identityHashCode(child);
            }
            return hash;
        }
    }

    /// What was asked of a part: definitions are told apart as objects, of which there is one each.
    record Question(
            StructureDefinition profile,
            ElementDefinition definition,
            @Nullable ElementDefinition slice,
            String within,
            boolean inCodeableConcept,
            boolean checkDisplay,
            Object content) {}

    /// Stands for all parts whose verdict depends on what is around them.
    private static final Content DEPENDENT = new Content("", "", null, List.of());

    /// The parts of the document at hand, each read once although it is in others.
    private final IdentityHashMap<Element, Content> met = new IdentityHashMap<>();

    private final Map<Content, Content> contents = new HashMap<>();
    private final Set<Question> faultless = new HashSet<>();
    private final IdentityHashMap<ElementDefinition, Boolean> lookingInside =
            new IdentityHashMap<>();
    private final IdentityHashMap<ElementDefinition, Boolean> takingAnyValue =
            new IdentityHashMap<>();

    /// To be called before each document.
    void beginDocument() {
        met.clear();
    }

    /// The question that a part is, or null when it must be judged where it stands.
    @Nullable Question ask(
            StructureDefinition profile,
            @Nullable ElementDefinition definition,
            @Nullable ElementDefinition slice,
            String within,
            boolean inCodeableConcept,
            boolean checkDisplay,
            Element part) {
        if (definition == null
                || !looksInside(profile, definition)
                || slice != null && !looksInside(profile, slice)) {
            return null;
        }
        Object content = content(part, definition, slice);
        return content == null
                ? null
                : new Question(
                        profile,
                        definition,
                        slice,
                        within,
                        inCodeableConcept,
                        checkDisplay,
                        content);
    }

    boolean isFaultless(Question question) {
        return faultless.contains(question);
    }

    /// To be called when the validator found nothing at all to say of the part.
    void rememberFaultless(Question question) {
        if (contents.size() > PARTS_MAX || faultless.size() > PARTS_MAX) {
            contents.clear();
            faultless.clear();
        }
        faultless.add(question);
    }

    private @Nullable Object content(
            Element part, ElementDefinition definition, @Nullable ElementDefinition slice) {
        // The validator does not give the value of a narrative this way.
        String value = part.fhirType().equals("xhtml") ? null : part.getValue();
        if (value != null
                && !part.hasChildren()
                && takesAnyValue(definition)
                && (slice == null || takesAnyValue(slice))) {
            String kind = PlainValues.kind(part.fhirType(), value);
            if (kind != null) {
                return kind;
            }
        }
        return content(part);
    }

    @SuppressWarnings("ReferenceEquality") // DEPENDENT is a mark, not a content like another.
    private @Nullable Content content(Element part) {
        Content content = met.get(part);
        if (content == null) {
            content = read(part);
            met.put(part, content == null ? DEPENDENT : content);
        }
        return content == DEPENDENT ? null : content;
    }

    private @Nullable Content read(Element part) {
        String type = part.fhirType();
        if (part.getSpecial() != null
                || part.isNull()
                || dependsOnItsPlace(type)
                || dependsOnItsPlace(part.getName())) {
            return null;
        }
        String value = part.getValue();
        if (value != null && (value.length() > VALUE_CHARS_MAX || value.startsWith("#"))) {
            return null;
        }
        List<Content> children = List.of();
        if (part.hasChildren()) {
            children = new ArrayList<>(part.getChildren().size());
            for (Element child : part.getChildren()) {
                Content one = content(child);
                if (one == null) {
                    return null;
                }
                children.add(one);
            }
        }
        Content content = new Content(part.getName(), type, value, children);
        Content known = contents.putIfAbsent(content, content);
        return known == null ? content : known;
    }

    private static boolean dependsOnItsPlace(String typeOrName) {
        return switch (typeOrName) {
            case "Reference", "Narrative", "xhtml", "Extension", "id", "canonical", "contained" ->
                    true;
            default -> false;
        };
    }

    /// Whether all rules for an element and what is in it can be answered from the element alone.
    private boolean looksInside(StructureDefinition profile, ElementDefinition definition) {
        Boolean known = lookingInside.get(definition);
        if (known != null) {
            return known;
        }
        boolean inside = true;
        String path = definition.getPath();
        for (ElementDefinition one : profile.getSnapshot().getElement()) {
            if (one.getPath().equals(path) || one.getPath().startsWith(path + ".")) {
                inside &= one.getConstraint().stream().noneMatch(KnownParts::looksAround);
            }
        }
        inside &= definition.getConstraint().stream().noneMatch(KnownParts::looksAround);
        lookingInside.put(definition, inside);
        return inside;
    }

    private static boolean looksAround(ElementDefinitionConstraintComponent rule) {
        String expression = rule.getExpression();
        return expression != null && (expression.contains("%") || expression.contains("resolve("));
    }

    /// Whether an element's definition says nothing of its value beyond the value's type.
    private boolean takesAnyValue(ElementDefinition definition) {
        return takingAnyValue.computeIfAbsent(
                definition,
                one ->
                        !one.hasBinding()
                                && !one.hasFixed()
                                && !one.hasPattern()
                                && !one.hasMinValue()
                                && !one.hasMaxValue()
                                && !one.hasMaxLength()
                                && !one.hasExtension()
                                && one.getType().size() <= 1
                                && one.getType().stream().noneMatch(type -> type.hasExtension())
                                && one.getConstraint().stream()
                                        .allMatch(rule -> rule.getKey().equals("ele-1")));
    }
}
