package org.yifang.fhir.validate;

import org.hl7.fhir.r5.model.ElementDefinition;
import org.hl7.fhir.r5.model.ElementDefinition.PropertyRepresentation;
import org.hl7.fhir.validation.instance.utils.ElementInfo;
import org.jspecify.annotations.NullUnmarked;

import java.util.IdentityHashMap;
import java.util.List;

/// Counts the elements that a definition allows, with what the definition says read once.
///
/// For one thread, as the validator it serves.
@NullUnmarked
final class Cardinalities {
    /// @param id one object for equal ids; null without one
    /// @param free whether any number will do
    /// @param sliced whether elements count that stand under another definition
    private record Limits(String id, int least, int most, boolean free, boolean sliced) {}

    private final IdentityHashMap<ElementDefinition, Limits> known = new IdentityHashMap<>();

    /// Whether every element is there as often as it must and may; false also where only the
    /// validator can count.
    boolean hold(List<ElementDefinition> definitions, List<ElementInfo> elements) {
        for (ElementDefinition definition : definitions) {
            Limits limits = limits(definition);
            if (!limits.free) {
                if (limits.sliced) {
                    return false;
                }
                int count = count(definition, limits.id, elements);
                if (count < limits.least || count > limits.most) {
                    return false;
                }
            }
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // Read once: the same is the same object.
    private int count(ElementDefinition definition, String id, List<ElementInfo> elements) {
        int count = 0;
        for (ElementInfo element : elements) {
            ElementDefinition of = element.getDefinition();
            if (of == definition || of != null && id != null && limits(of).id == id) {
                count++;
            }
        }
        return count;
    }

    private Limits limits(ElementDefinition definition) {
        Limits limits = known.get(definition);
        if (limits == null) {
            limits = read(definition);
            known.put(definition, limits);
        }
        return limits;
    }

    private static Limits read(ElementDefinition definition) {
        boolean text =
                definition.hasRepresentation(PropertyRepresentation.XHTML)
                        || definition.hasRepresentation(PropertyRepresentation.XMLTEXT);
        int least = definition.getMin();
        boolean unbounded = !definition.hasMax() || definition.getMax().equals("*");
        int most = unbounded ? Integer.MAX_VALUE : Integer.parseInt(definition.getMax());
        return new Limits(
                definition.hasId() ? definition.getId().intern() : null,
                least,
                most,
                text || least <= 0 && unbounded,
                definition.hasSlicing());
    }
}
