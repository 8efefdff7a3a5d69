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
            if (by == null) {
                return null;
            }
            mine.add(new Criterion(by, one.modifier(), one.values(), one.chain()));
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
                self,
                sealed,
                presentation,
                after);
    }

    /// One parameter: values of one are alternatives, several criteria must all be met.
    ///
    /// @param modifier behind `:`, or null
    /// @param chain the parameter of the resource referred to, or null
    public record Criterion(
            SearchBy by, @Nullable String modifier, List<String> values, @Nullable Chain chain) {}

    /// `patient.identifier`: a criterion on the target of a reference.
    public record Chain(TableSource target, Criterion criterion) {}

    /// One key of `_sort`.
    public record Sort(SearchBy by, boolean descending) {}

    /// `_include` of a reference parameter of `source`, or `_revinclude` of one of `other`.
    public record Include(SearchBy by, TableSource other) {}
}
