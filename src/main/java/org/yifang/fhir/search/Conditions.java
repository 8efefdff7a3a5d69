package org.yifang.fhir.search;

import static org.yifang.platform.data.Database.SQL;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.yifang.fhir.Scopes;
import org.yifang.fhir.SqlCaller;
import org.yifang.fhir.search.SearchQuery.Chain;
import org.yifang.fhir.search.SearchQuery.Criterion;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Turns the criteria of a search into SQL.
final class Conditions {
    private final Caller caller;
    private final Instant now;
    private final String base;
    private final List<Finding> faults = new ArrayList<>();

    Conditions(Caller caller, Instant now, String base) {
        this.caller = caller;
        this.now = now;
        this.base = base;
    }

    /// @throws Problem with a finding for each value that cannot be read
    List<Condition> all(List<Criterion> criteria) {
        List<Condition> conditions = new ArrayList<>();
        for (Criterion criterion : criteria) {
            try {
                conditions.add(of(criterion));
            } catch (Problem unreadable) {
                faults.addAll(unreadable.findings());
            }
        }
        if (!faults.isEmpty()) {
            throw new Problem(faults);
        }
        return conditions;
    }

    private Condition of(Criterion criterion) {
        SearchBy by = criterion.by();
        Chain chain = criterion.chain();
        Field<?> reference = by.referenceField();
        if (chain != null && reference != null) {
            return chained(reference, chain);
        }
        Match.Asked asked =
                new Match.Asked(by.name, criterion.modifier(), criterion.values(), now, base);
        Field<?> column = by.match.column();
        if ("missing".equals(criterion.modifier()) && column != null) {
            return switch (criterion.values().getFirst()) {
                case "true" -> column.isNull();
                case "false" -> column.isNotNull();
                default ->
                        throw asked.unreadable(
                                criterion.values().getFirst(), "Write `true` or `false`.");
            };
        }
        Field<String> text = by.textField();
        if ("text".equals(criterion.modifier()) && text != null) {
            return DSL.or(
                    criterion.values().stream()
                            .map(SearchValues::plain)
                            .map(text::containsIgnoreCase)
                            .toList());
        }
        return by.match.of(asked);
    }

    /// What the caller does not see does not chain either.
    private Condition chained(Field<?> reference, Chain chain) {
        TableSource target = chain.target();
        if (!Scopes.cover(caller.scopes(), target.type(), 's')) {
            throw new Problem(
                    ProblemCode.NOT_IN_SCOPE,
                    "The token does not cover `system/" + target.type() + ".s`.",
                    "Ask for a token with that scope.");
        }
        return in(
                reference,
                SQL.select(target.stored.id())
                        .from(target.stored.table)
                        .where(target.visible(caller.role(), SqlCaller.is(caller, now)))
                        .and(of(chain.criterion())));
    }

    @SuppressWarnings("unchecked")
    private static <T> Condition in(Field<?> reference, org.jooq.Select<?> ids) {
        return ((Field<T>) reference).in((org.jooq.Select<org.jooq.Record1<T>>) ids);
    }
}
