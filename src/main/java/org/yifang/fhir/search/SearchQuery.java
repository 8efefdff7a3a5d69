package org.yifang.fhir.search;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.problem.Problem.Finding;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What a search asks for, once its parameters are understood.
///
/// @param criteria all of which a match fulfils
/// @param sorts the order, without the id that always ends it
/// @param count matches on a page
/// @param countOnly only how many there are
/// @param total whether the number of all matches is wanted
/// @param includes resources that matches refer to
/// @param reverseIncludes resources that refer to matches
/// @param ignored what was asked and is not supported, one warning each
/// @param narrower what finds less here than R4 has it, told to whoever finds nothing
/// @param self the parameters understood, without what identifies a person, as a URL has them
/// @param sealed all of them, for the key of the next page
/// @param presentation `_format` and the like, which stand in every link
/// @param after where the last page ended, or null for the first
public record SearchQuery(
        List<Criterion> criteria,
        List<Sort> sorts,
        int count,
        boolean countOnly,
        boolean total,
        List<Include> includes,
        List<Include> reverseIncludes,
        List<Finding> ignored,
        List<Finding> narrower,
        Query self,
        Query sealed,
        Query presentation,
        @Nullable List<@Nullable String> after) {

    /// The same search on one of several tables of a type, by its own parameters; null when one of
    /// them is unknown there, so that nothing can match.
    @Nullable SearchQuery on(TableSource table) {
        List<Criterion> mine = new ArrayList<>();
        for (Criterion one : criteria) {
            SearchBy by = table.searchBy(one.by().name);
            if (by != null) {
                mine.add(new Criterion(by, one.modifier(), one.values(), one.chains()));
            } else if (!one.isMetByNothing()) {
                return null;
            }
        }
        List<Sort> order = new ArrayList<>();
        for (Sort sort : sorts) {
            SearchBy by = table.searchBy(sort.by().name);
            if (by == null || by.sortField() == null) {
                return null;
            }
            order.add(new Sort(by, sort.descending()));
        }
        List<Include> there = new ArrayList<>();
        for (Include include : includes) {
            SearchBy by = table.searchBy(include.by().name);
            if (by != null && Objects.equals(by.target(), include.by().target())) {
                there.add(new Include(by, include.other()));
            }
        }
        return new SearchQuery(
                mine,
                order,
                count,
                countOnly,
                total,
                there,
                reverseIncludes,
                ignored,
                narrower,
                self,
                sealed,
                presentation,
                after);
    }

    /// One parameter: values of one are alternatives, several criteria must all be met.
    ///
    /// @param modifier behind `:`, or null
    /// @param chains where the resources referred to are asked, none when this resource is
    public record Criterion(
            SearchBy by, @Nullable String modifier, List<String> values, List<Chain> chains) {
        /// Whether a resource that has no such value meets it.
        boolean isMetByNothing() {
            return chains.isEmpty()
                    && ("not".equals(modifier)
                            || ("missing".equals(modifier) && values.equals(List.of("true"))));
        }
    }

    /// `patient.identifier`: a criterion on the target of a reference; or, backwards, `_has`: one
    /// on what refers to this.
    ///
    /// @param back the reference of the other that leads here, null for what this refers to
    public record Chain(TableSource other, Criterion criterion, @Nullable SearchBy back) {}

    /// One key of `_sort`.
    public record Sort(SearchBy by, boolean descending) {}

    /// `_include` of a reference parameter of `source`, or `_revinclude` of one of `other`.
    public record Include(SearchBy by, TableSource other) {}
}
