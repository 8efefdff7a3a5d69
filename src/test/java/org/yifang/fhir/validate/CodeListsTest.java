package org.yifang.fhir.validate;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r5.model.CodeSystem;
import org.hl7.fhir.r5.model.Enumerations.CodeSystemContentMode;
import org.hl7.fhir.r5.model.Enumerations.FilterOperator;
import org.hl7.fhir.r5.model.ValueSet;
import org.junit.jupiter.api.Test;
import org.yifang.fhir.validate.CodeLists.Answer;

import java.util.HashMap;
import java.util.Map;

/// Membership of codes as FHIR's value sets define it, without a terminology server.
final class CodeListsTest {
    private static final String ANIMALS = "urn:animals";
    private static final String LARGE = "urn:large";

    private final Map<String, CodeSystem> systems = new HashMap<>();
    private final Map<String, ValueSet> valueSets = new HashMap<>();
    private final CodeLists lists =
            new CodeLists(
                    new CodeLists.Source() {
                        @Override
                        public CodeSystem codeSystem(String url) {
                            return systems.get(url);
                        }

                        @Override
                        public ValueSet valueSet(String url) {
                            return valueSets.get(url);
                        }
                    });

    CodeListsTest() {
        CodeSystem animals = new CodeSystem().setContent(CodeSystemContentMode.COMPLETE);
        CodeSystem.ConceptDefinitionComponent cat = animals.addConcept().setCode("cat");
        cat.addConcept().setCode("lion").addConcept().setCode("cub");
        animals.addConcept().setCode("dog");
        systems.put(ANIMALS, animals);
        CodeSystem large = new CodeSystem().setContent(CodeSystemContentMode.FRAGMENT);
        large.addConcept().setCode("known");
        systems.put(LARGE, large);
    }

    private static ValueSet valueSet(String url) {
        ValueSet one = new ValueSet();
        one.setUrl(url);
        return one;
    }

    private ValueSet filtered(FilterOperator operator) {
        ValueSet one = valueSet("urn:filtered-" + operator);
        one.getCompose()
                .addInclude()
                .setSystem(ANIMALS)
                .addFilter()
                .setProperty("concept")
                .setOp(operator)
                .setValue("cat");
        return one;
    }

    @Test
    void a_complete_system_knows_its_codes_and_no_others() {
        assertThat(lists.inSystem(ANIMALS, "cub")).isEqualTo(Answer.YES);
        assertThat(lists.inSystem(ANIMALS, "Cub")).isEqualTo(Answer.NO);
    }

    @Test
    void what_is_missing_from_a_fragment_or_an_unknown_system_stays_open() {
        assertThat(lists.inSystem(LARGE, "known")).isEqualTo(Answer.YES);
        assertThat(lists.inSystem(LARGE, "other")).isEqualTo(Answer.UNKNOWN);
        assertThat(lists.inSystem("http://loinc.org", "57833-6")).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void the_currencies_are_those_of_iso_4217() {
        assertThat(lists.inSystem("urn:iso:std:iso:4217", "CNY")).isEqualTo(Answer.YES);
        assertThat(lists.inSystem("urn:iso:std:iso:4217", "RMB")).isEqualTo(Answer.NO);
    }

    @Test
    void is_a_takes_in_the_ancestor_and_descendent_of_does_not() {
        assertThat(lists.inValueSet(filtered(FilterOperator.ISA), ANIMALS, "cat"))
                .isEqualTo(Answer.YES);
        assertThat(lists.inValueSet(filtered(FilterOperator.ISA), ANIMALS, "cub"))
                .isEqualTo(Answer.YES);
        assertThat(lists.inValueSet(filtered(FilterOperator.ISA), ANIMALS, "dog"))
                .isEqualTo(Answer.NO);
        assertThat(lists.inValueSet(filtered(FilterOperator.DESCENDENTOF), ANIMALS, "cat"))
                .isEqualTo(Answer.NO);
        assertThat(lists.inValueSet(filtered(FilterOperator.ISNOTA), ANIMALS, "dog"))
                .isEqualTo(Answer.YES);
        assertThat(lists.inValueSet(filtered(FilterOperator.REGEX), ANIMALS, "dog"))
                .isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void a_list_takes_only_its_own_system_and_codes() {
        ValueSet one = valueSet("urn:list");
        one.getCompose().addInclude().setSystem(ANIMALS).addConcept().setCode("dog");

        assertThat(lists.inValueSet(one, ANIMALS, "dog")).isEqualTo(Answer.YES);
        assertThat(lists.inValueSet(one, null, "dog")).isEqualTo(Answer.YES);
        assertThat(lists.inValueSet(one, ANIMALS, "cat")).isEqualTo(Answer.NO);
        assertThat(lists.inValueSet(one, "urn:other", "dog")).isEqualTo(Answer.NO);
    }

    @Test
    void what_is_excluded_is_out_and_imported_sets_are_looked_into() {
        ValueSet imported = filtered(FilterOperator.ISA);
        valueSets.put(imported.getUrl(), imported);
        ValueSet one = valueSet("urn:without-lion");
        one.getCompose().addInclude().addValueSet(imported.getUrl() + "|1.0");
        one.getCompose().addExclude().setSystem(ANIMALS).addConcept().setCode("lion");
        one.getCompose().addInclude().addValueSet("urn:nowhere");

        assertThat(lists.inValueSet(one, ANIMALS, "cub")).isEqualTo(Answer.YES);
        assertThat(lists.inValueSet(one, ANIMALS, "lion")).isEqualTo(Answer.NO);
        assertThat(lists.inValueSet(one, ANIMALS, "dog")).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void a_value_set_that_only_claims_the_url_of_ours_is_not_remembered() {
        ValueSet ours = valueSet("urn:ours");
        ours.getCompose().addInclude().setSystem(ANIMALS).addConcept().setCode("dog");
        valueSets.put(ours.getUrl(), ours);
        ValueSet theirs = valueSet("urn:ours");
        theirs.getCompose().addInclude().setSystem(ANIMALS).addConcept().setCode("cat");

        assertThat(lists.inValueSet(theirs, ANIMALS, "cat")).isEqualTo(Answer.YES);
        assertThat(lists.inValueSet(ours, ANIMALS, "cat")).isEqualTo(Answer.NO);
    }
}
