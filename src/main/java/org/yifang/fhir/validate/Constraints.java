package org.yifang.fhir.validate;

import org.hl7.fhir.r5.elementmodel.Element;
import org.hl7.fhir.r5.extensions.ExtensionDefinitions;
import org.hl7.fhir.r5.extensions.ExtensionUtilities;
import org.hl7.fhir.r5.fhirpath.ExpressionNode;
import org.hl7.fhir.r5.fhirpath.FHIRPathEngine;
import org.hl7.fhir.r5.model.ElementDefinition;
import org.hl7.fhir.r5.model.ElementDefinition.ElementDefinitionConstraintComponent;
import org.hl7.fhir.validation.instance.utils.FHIRPathExpressionFixer;
import org.hl7.fhir.validation.instance.utils.ValidationContext;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds quickly that the constraints of an element hold, which they nearly always do.
///
/// The validator prepares a report for each constraint before it looks. Here each expression is
/// read once and the report is left to the validator, who is asked wherever one does not hold.
final class Constraints {
    /// The rule of every element: it has a value or children. In FHIR R4 always this expression.
    private static final String NOT_EMPTY = "hasValue() or (children().count() > id.count())";

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

    /// A constraint made ready; no node means that it says {@link #NOT_EMPTY}.
    private record Ready(String expression, @Nullable ExpressionNode node) {}

    /// What was found to hold, since types and profiles repeat each other's constraints.
    private static final class Held {
        private final Element element;
        private final String expression;

        Held(Element element, String expression) {
            this.element = element;
            this.expression = expression;
        }

        @SuppressWarnings("ReferenceEquality") // The element itself is meant, not one like it.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Held that
                    && element == that.element
                    && expression.equals(that.expression);
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(element) * 31 + expression.hashCode();
        }
    }

    private final FHIRPathEngine engine;
    private final String version;
    private final IdentityHashMap<ElementDefinition, List<Ready>> ready = new IdentityHashMap<>();
    private final Set<Held> held = new HashSet<>();

    Constraints(FHIRPathEngine engine, String version) {
        this.engine = engine;
        this.version = version;
    }

    /// To be called before each document.
    void forget() {
        held.clear();
    }

    /// Whether every constraint of a definition is known to hold; false also when one cannot be
    /// read or evaluated.
    boolean hold(
            ValidationContext context,
            ElementDefinition definition,
            Element resource,
            Element element) {
        List<Ready> all = ready.get(definition);
        if (all == null) {
            all = prepare(definition);
            ready.put(definition, all);
        }
        for (Ready one : all) {
            if (one.node == null
                    ? isEmpty(element) || isOfNoNumber(element)
                    : !holds(context, one, resource, element)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEmpty(Element element) {
        if (element.hasPrimitiveValue() && !element.primitiveValue().isBlank()) {
            return false;
        }
        if (element.hasChildren()) {
            for (Element child : element.getChildren()) {
                if (!child.getName().equals("id")) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Whether it is a quantity of no number: FHIRPath takes quantities for values of its own, and
    /// fails over this one whatever it was asked.
    private static boolean isOfNoNumber(Element element) {
        if (!element.fhirType().equals("Quantity")) {
            return false;
        }
        String value = element.getChildValue("value");
        return value != null && !NUMBER.matcher(value).matches();
    }

    private boolean holds(ValidationContext context, Ready one, Element resource, Element element) {
        Held question = new Held(element, one.expression);
        if (held.contains(question)) {
            return true;
        }
        boolean holds;
        try {
            holds =
                    engine.evaluateToBoolean(
                            context, resource, context.getRootResource(), element, one.node);
        } catch (RuntimeException e) {
            // The validator meets it again, and reports it.
            return false;
        }
        if (holds) {
            held.add(question);
        }
        return holds;
    }

    private static boolean isRecommendation(ElementDefinitionConstraintComponent rule) {
        return rule.hasExtension(ExtensionDefinitions.EXT_BEST_PRACTICE)
                && ExtensionUtilities.readBooleanExtension(
                        rule, ExtensionDefinitions.EXT_BEST_PRACTICE);
    }

    private List<Ready> prepare(ElementDefinition definition) {
        List<Ready> all = new ArrayList<>();
        for (ElementDefinitionConstraintComponent rule : definition.getConstraint()) {
            // The validator has its own way with dom-3, and says nothing here of recommendations.
            if (!rule.hasExpression() || rule.getKey().equals("dom-3") || isRecommendation(rule)) {
                continue;
            }
            String expression =
                    FHIRPathExpressionFixer.fixExpr(rule.getExpression(), rule.getKey(), version);
            all.add(
                    expression.equals(NOT_EMPTY)
                            ? new Ready(expression, null)
                            : new Ready(expression, engine.parse(expression)));
        }
        return List.copyOf(all);
    }
}
