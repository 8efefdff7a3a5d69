package org.yifang.fhir.validate;

import org.hl7.fhir.r5.model.CodeSystem;
import org.hl7.fhir.r5.model.CodeSystem.ConceptDefinitionComponent;
import org.hl7.fhir.r5.model.Enumerations;
import org.hl7.fhir.r5.model.ValueSet;
import org.hl7.fhir.r5.model.ValueSet.ConceptReferenceComponent;
import org.hl7.fhir.r5.model.ValueSet.ConceptSetComponent;
import org.hl7.fhir.r5.model.ValueSet.ConceptSetFilterComponent;
import org.hl7.fhir.r5.model.ValueSet.ValueSetExpansionContainsComponent;
import org.jspecify.annotations.Nullable;

import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Says whether a code belongs to a code system or a value set, from lists in memory alone.
///
/// What cannot be decided without a terminology server (ICD, LOINC, UCUM, filters of theirs) is
/// [Answer#UNKNOWN], which nobody is blamed for.
final class CodeLists {
    enum Answer {
        YES,
        NO,
        UNKNOWN
    }

    /// A code system as a table of codes and their parents.
    ///
    /// @param parents each code with its parent, or an empty text at the top
    /// @param complete whether a code that is not here does not exist
    private record Table(Map<String, String> parents, boolean complete) {
        static final Table UNKNOWN = new Table(Map.of(), false);

        Answer has(String code) {
            return parents.containsKey(code) ? Answer.YES : complete ? Answer.NO : Answer.UNKNOWN;
        }

        boolean isUnder(String code, String ancestor) {
            String at = parents.get(code);
            // A hierarchy that bites its own tail ends after as many steps as there are codes.
            for (int step = 0; at != null && !at.isEmpty() && step < parents.size(); step++) {
                if (at.equals(ancestor)) {
                    return true;
                }
                at = parents.get(at);
            }
            return false;
        }
    }

    private static final String CURRENCIES = "urn:iso:std:iso:4217";

    private interface Membership {
        Answer contains(@Nullable String system, String code);
    }

    /// The lists by url, null when there is none.
    interface Source {
        @Nullable CodeSystem codeSystem(String url);

        @Nullable ValueSet valueSet(String url);
    }

    private final Source lists;
    private final Map<String, Table> tables = new ConcurrentHashMap<>();
    private final Map<String, Membership> memberships = new ConcurrentHashMap<>();

    CodeLists(Source lists) {
        this.lists = lists;
    }

    /// Whether `code` exists in `system`.
    Answer inSystem(String system, String code) {
        return table(system).has(code);
    }

    /// Whether `valueSet` contains `code` of `system`; without a system, of any.
    Answer inValueSet(ValueSet valueSet, @Nullable String system, String code) {
        String url = valueSet.getUrl();
        Membership membership = url == null ? null : memberships.get(url);
        if (membership == null) {
            membership = membership(valueSet);
            // Only what we hold ourselves is remembered: callers may send value sets of any name.
            if (url != null && isOurs(valueSet, url)) {
                memberships.put(url, membership);
            }
        }
        return membership.contains(system, code);
    }

    @SuppressWarnings("ReferenceEquality") // The very object, not one that claims the same url.
    private boolean isOurs(ValueSet valueSet, String url) {
        return lists.valueSet(url) == valueSet;
    }

    private Table table(String system) {
        Table known = tables.get(system);
        if (known != null) {
            return known;
        }
        if (system.equals(CURRENCIES)) {
            return tables.computeIfAbsent(system, any -> currencies());
        }
        CodeSystem source = lists.codeSystem(system);
        if (source == null) {
            return Table.UNKNOWN;
        }
        Map<String, String> parents = new HashMap<>();
        source.getConcept().forEach(concept -> add(concept, "", parents));
        boolean complete = source.getContent() == Enumerations.CodeSystemContentMode.COMPLETE;
        Table table = new Table(parents, complete);
        tables.put(system, table);
        return table;
    }

    /// ISO 4217, which the specification names without listing it.
    private static Table currencies() {
        return new Table(
                Currency.getAvailableCurrencies().stream()
                        .collect(Collectors.toMap(Currency::getCurrencyCode, one -> "")),
                true);
    }

    private static void add(
            ConceptDefinitionComponent concept, String parent, Map<String, String> parents) {
        String stated =
                concept.getProperty().stream()
                        .filter(property -> "subsumedBy".equals(property.getCode()))
                        .map(property -> property.getValue().primitiveValue())
                        .findFirst()
                        .orElse(parent);
        parents.put(concept.getCode(), stated);
        concept.getConcept().forEach(child -> add(child, concept.getCode(), parents));
    }

    private Membership membership(ValueSet valueSet) {
        if (!valueSet.hasCompose()) {
            return valueSet.hasExpansion()
                    ? expanded(valueSet.getExpansion().getContains())
                    : (system, code) -> Answer.UNKNOWN;
        }
        List<Membership> included =
                valueSet.getCompose().getInclude().stream().map(this::included).toList();
        List<Membership> excluded =
                valueSet.getCompose().getExclude().stream().map(this::included).toList();
        return (system, code) -> {
            Answer in = anyOf(included, system, code);
            return in == Answer.YES && anyOf(excluded, system, code) == Answer.YES ? Answer.NO : in;
        };
    }

    private static Answer anyOf(
            List<Membership> memberships, @Nullable String system, String code) {
        Answer answer = Answer.NO;
        for (Membership membership : memberships) {
            Answer one = membership.contains(system, code);
            if (one == Answer.YES) {
                return one;
            }
            answer = one == Answer.UNKNOWN ? one : answer;
        }
        return answer;
    }

    /// One `include`: its system's codes that pass every filter and stand in every value set named.
    private Membership included(ConceptSetComponent include) {
        String own = include.getSystem();
        Set<String> listed =
                include.getConcept().stream()
                        .map(ConceptReferenceComponent::getCode)
                        .collect(Collectors.toCollection(HashSet::new));
        List<ConceptSetFilterComponent> filters = include.getFilter();
        List<Membership> imported =
                include.getValueSet().stream().map(url -> imported(url.getValue())).toList();
        return (system, code) -> {
            Answer answer = Answer.YES;
            if (own != null) {
                if (system != null && !system.equals(own)) {
                    return Answer.NO;
                }
                answer = listed.isEmpty() ? inSystem(own, code) : yes(listed.contains(code));
                for (ConceptSetFilterComponent filter : filters) {
                    answer = and(answer, passes(filter, own, code));
                }
            }
            for (Membership one : imported) {
                answer = and(answer, one.contains(system, code));
            }
            return answer;
        };
    }

    private Membership imported(String canonical) {
        int version = canonical.indexOf('|');
        String url = version < 0 ? canonical : canonical.substring(0, version);
        return (system, code) -> {
            ValueSet found = lists.valueSet(url);
            return found == null ? Answer.UNKNOWN : inValueSet(found, system, code);
        };
    }

    private Answer passes(ConceptSetFilterComponent filter, String system, String code) {
        Table table = table(system);
        if (table.has(code) != Answer.YES || !"concept".equals(filter.getProperty())) {
            return table.has(code) == Answer.NO ? Answer.NO : Answer.UNKNOWN;
        }
        String value = filter.getValue();
        boolean under = table.isUnder(code, value);
        return switch (filter.getOp()) {
            case ISA -> yes(code.equals(value) || under);
            case DESCENDENTOF -> yes(under);
            case ISNOTA -> yes(!code.equals(value) && !under);
            case EQUAL -> yes(code.equals(value));
            case null, default -> Answer.UNKNOWN;
        };
    }

    private static Membership expanded(List<ValueSetExpansionContainsComponent> contains) {
        Set<String> codes = new HashSet<>();
        contains.forEach(one -> add(one, codes));
        return (system, code) -> yes(codes.contains((system == null ? "" : system) + '|' + code));
    }

    private static void add(ValueSetExpansionContainsComponent one, Set<String> codes) {
        if (!one.getAbstract()) {
            codes.add(one.getSystem() + '|' + one.getCode());
            codes.add('|' + one.getCode());
        }
        one.getContains().forEach(inner -> add(inner, codes));
    }

    private static Answer yes(boolean is) {
        return is ? Answer.YES : Answer.NO;
    }

    private static Answer and(Answer one, Answer other) {
        if (one == Answer.NO || other == Answer.NO) {
            return Answer.NO;
        }
        return one == Answer.YES ? other : one;
    }
}
