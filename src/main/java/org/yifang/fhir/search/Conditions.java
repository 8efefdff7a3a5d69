package org.yifang.fhir.search;

import static org.yifang.platform.data.Database.SQL;

import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
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
import java.util.Objects;

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
        if (!criterion.chains().isEmpty()) {
            Link link = Objects.requireNonNull(by.link(), by.name);
            return link.in(chained(criterion.chains()));
        }
        Match.Asked asked =
                new Match.Asked(
                        by.name, criterion.modifier(), criterion.values(), now, base, caller);
        Condition present = by.present();
        if ("missing".equals(criterion.modifier()) && present != null) {
            String value = criterion.values().getFirst();
            return switch (value) {
                case "true" -> DSL.coalesce(DSL.field(present), DSL.inline(false)).isFalse();
                case "false" -> present;
                default -> throw asked.unreadable(value, "Write `true` or `false`.");
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

    /// All alternatives in one list of ids, which an index serves; an OR over lists would look at
    /// every row.
    private Select<?> chained(List<Chain> chains) {
        Select<Record> all = null;
        for (Chain chain : chains) {
            Select<Record> one = records(chained(chain));
            all = all == null ? one : all.unionAll(one);
        }
        return Objects.requireNonNull(all);
    }

    @SuppressWarnings("unchecked") // Whatever a row holds, it is a Record.
    private static Select<Record> records(Select<?> one) {
        return (Select<Record>) one;
    }

    /// What the caller does not see does not chain either.
    private Select<?> chained(Chain chain) {
        TableSource other = chain.other();
        if (!Scopes.cover(caller.scopes(), other.type(), 's')) {
            throw new Problem(
                    ProblemCode.NOT_IN_SCOPE,
                    "The token does not cover `system/" + other.type() + ".s`.",
                    "Ask for a token with that scope.");
        }
        Condition asked =
                other.visible(caller.role(), SqlCaller.is(caller, now)).and(of(chain.criterion()));
        SearchBy back = chain.back();
        return back == null
                ? SQL.select(other.stored.id()).from(other.stored.table).where(asked)
                : Objects.requireNonNull(back.link(), back.name).targets(other.stored.table, asked);
    }
}
