package org.yifang.simulate;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.RuntimeSearchParam;
import ca.uhn.fhir.fhirpath.IFhirPath;
import ca.uhn.fhir.fhirpath.IFhirPathEvaluationContext;
import ca.uhn.fhir.model.api.TemporalPrecisionEnum;

import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Timing;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a resource is found by, read off its JSON by FHIRPath as R4 defines its search parameters:
/// nothing of the service's own is used.
final class SearchFacts {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final FhirContext CONTEXT = FhirContext.forR4Cached();

    /// One value of a search parameter in a resource.
    sealed interface Fact {
        /// @param system null where the element is a plain code, whose system R4 implies
        record Token(@Nullable String system, String code, boolean plain) implements Fact {}

        record Ref(String reference) implements Fact {}

        /// @param from inclusive, null for open
        /// @param to exclusive, null for open
        record Span(@Nullable Instant from, @Nullable Instant to) implements Fact {}

        record Text(String value) implements Fact {}

        record Amount(BigDecimal value, String code) implements Fact {}
    }

    private final IFhirPath paths = CONTEXT.newFhirPath();
    private final Map<String, IFhirPath.IParsedExpression> parsed = new HashMap<>();
    private final Map<String, String> own;

    /// @param own expressions of the service's own parameters by canonical url
    SearchFacts(Map<String, String> own) {
        this.own = own;
        paths.setEvaluationContext(
                new IFhirPathEvaluationContext() {
                    @Override
                    public @Nullable IBase resolveReference(IIdType id, IBase context) {
                        String type = id.getResourceType();
                        return type == null
                                ? null
                                : CONTEXT.getResourceDefinition(type).newInstance();
                    }
                });
    }

    /// The expression of a parameter; empty when neither R4 nor the service defines it.
    Optional<String> expression(String type, String name, String definition) {
        if (own.containsKey(definition)) {
            return Optional.of(own.get(definition));
        }
        RuntimeSearchParam known = CONTEXT.getResourceDefinition(type).getSearchParam(name);
        return known == null ? Optional.empty() : Optional.of(known.getPath());
    }

    List<Fact> of(Resource resource, String expression) {
        IFhirPath.IParsedExpression path = parsed.computeIfAbsent(expression, this::parse);
        List<Fact> facts = new ArrayList<>();
        for (IBase one : paths.evaluate(resource, path, IBase.class)) {
            add(facts, one);
        }
        return facts;
    }

    private IFhirPath.IParsedExpression parse(String expression) {
        try {
            return paths.parse(expression);
        } catch (Exception unreadable) {
            throw new IllegalArgumentException(expression, unreadable);
        }
    }

    private static void add(List<Fact> facts, IBase value) {
        switch (value) {
            case CodeableConcept concept -> concept.getCoding().forEach(one -> add(facts, one));
            case Coding coding ->
                    facts.add(new Fact.Token(coding.getSystem(), coding.getCode(), false));
            case Identifier identifier ->
                    facts.add(new Fact.Token(identifier.getSystem(), identifier.getValue(), false));
            case ContactPoint point -> facts.add(new Fact.Token(null, point.getValue(), true));
            case Reference reference -> {
                // By an identifier alone it is there, and no question names it.
                String named = reference.getReference();
                facts.add(new Fact.Ref(named == null ? "" : named));
            }
            case Period period -> facts.add(span(period));
            case Timing timing -> timing.getEvent().forEach(one -> facts.add(span(one)));
            case BaseDateTimeType date -> facts.add(span(date));
            case Quantity quantity ->
                    facts.add(new Fact.Amount(quantity.getValue(), quantity.getCode()));
            case HumanName name -> facts.add(new Fact.Text(name.getText()));
            case Address address -> facts.add(new Fact.Text(address.getText()));
            case PrimitiveType<?> plain ->
                    facts.add(new Fact.Token(null, plain.getValueAsString(), true));
            default -> throw new IllegalArgumentException(value.fhirType());
        }
    }

    private static Fact.Span span(Period period) {
        return new Fact.Span(
                period.hasStart() ? span(period.getStartElement()).from() : null,
                period.hasEnd() ? span(period.getEndElement()).to() : null);
    }

    static Fact.Span span(BaseDateTimeType date) {
        TemporalPrecisionEnum precision = date.getPrecision();
        Instant from = date.getValue().toInstant();
        return switch (precision) {
            case YEAR -> {
                LocalDate first = LocalDate.of(date.getYear(), 1, 1);
                yield new Fact.Span(midnight(first), midnight(first.plusYears(1)));
            }
            case MONTH -> {
                YearMonth month = YearMonth.of(date.getYear(), date.getMonth() + 1);
                yield new Fact.Span(
                        midnight(month.atDay(1)), midnight(month.plusMonths(1).atDay(1)));
            }
            case DAY -> {
                LocalDate day = LocalDate.parse(date.getValueAsString());
                yield new Fact.Span(midnight(day), midnight(day.plusDays(1)));
            }
            case MINUTE -> new Fact.Span(from, from.plusSeconds(60));
            case SECOND -> new Fact.Span(from, from.plusSeconds(1));
            case MILLI -> new Fact.Span(from, from.plusMillis(1));
        };
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(SHANGHAI).toInstant();
    }
}
