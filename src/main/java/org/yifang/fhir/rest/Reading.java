package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.rest.Paths.Call;
import org.yifang.fhir.search.PageKeys;
import org.yifang.fhir.search.Query;
import org.yifang.fhir.search.SearchPage;
import org.yifang.fhir.search.SearchQuery;
import org.yifang.fhir.search.Source;
import org.yifang.platform.Limits;
import org.yifang.platform.data.Database;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.edge.ClientTurns;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// Answers read, vread and search from the sources behind them.
final class Reading {
    private static final Finding CUT =
            new Finding(
                    ProblemCode.TOO_LARGE,
                    "Not every resource was included.",
                    "Ask for smaller pages with `_count`.",
                    null,
                    true);

    private final String base;
    private final Paths paths;
    private final PageKeys keys;
    private final ClientTurns turns;

    /// @param turns in which the searches of one client are answered
    Reading(String base, Paths paths, PageKeys keys, ClientTurns turns) {
        this.turns = turns;
        this.base = base;
        this.paths = paths;
        this.keys = keys;
    }

    private static Source source(Call call) {
        return Objects.requireNonNull(call.type()).source();
    }

    private static String id(Call call) {
        return Objects.requireNonNull(call.id());
    }

    Answer read(Call call, Exchange exchange) {
        return answer(source(call).read(id(call), exchange.caller(), exchange.now()));
    }

    Answer version(Call call, Exchange exchange) {
        String version = Objects.requireNonNull(call.version());
        if (!version.matches("\\d{1,18}")) {
            throw Outcomes.notFound();
        }
        return answer(
                source(call)
                        .version(
                                id(call),
                                Long.parseLong(version),
                                exchange.caller(),
                                exchange.now()));
    }

    private static Answer answer(Source.@Nullable Found found) {
        if (found == null) {
            throw Outcomes.notFound();
        }
        Answer answer =
                Answer.ok(found.json())
                        .withVersion(found.version(), found.lastUpdated())
                        .touching(found.patients(), found.tasks());
        return found.varies() ? answer.varying() : answer;
    }

    private SearchPage page(Source source, SearchQuery query, Exchange exchange) {
        try {
            return turns.take(
                    exchange.caller().clientId(),
                    () -> source.search(query, exchange.caller(), exchange.now(), base));
        } catch (RuntimeException failure) {
            if (!Database.isTooLong(failure)) {
                throw failure;
            }
            Bound.STATEMENT_TIME.reached();
            throw new Problem(
                    ProblemCode.TOO_COSTLY,
                    "The search takes longer than " + Limits.STATEMENT.toSeconds() + " s.",
                    "Narrow it by `_lastUpdated`, a date or an identifier, and leave `_total` "
                            + "out.");
        }
    }

    Answer search(Call call, Exchange exchange) {
        Source source = source(call);
        boolean strict = Preference.isStrict(exchange);
        SearchQuery query = query(source, exchange, strict);
        exchange.auditQuery(audited(query));
        SearchPage page = page(source, query, exchange);
        Bundles bundle =
                new Bundles(
                        base,
                        "searchset",
                        exchange.now(),
                        page.total(),
                        link(source, query.self().plus(query.presentation())),
                        next(source, exchange, query, page));
        List<UUID> patients = new ArrayList<>();
        List<UUID> tasks = new ArrayList<>();
        for (Source.Found one : page.matches()) {
            bundle.found(one.type(), one.id(), one.json(), "match");
            patients.addAll(one.patients());
            tasks.addAll(one.tasks());
        }
        for (Source.Found one : page.included()) {
            bundle.found(one.type(), one.id(), one.json(), "include");
            patients.addAll(one.patients());
            tasks.addAll(one.tasks());
        }
        List<Finding> remarks = new ArrayList<>(query.ignored());
        if (page.matches().isEmpty()) {
            remarks.addAll(query.narrower());
        }
        if (page.cut()) {
            remarks.add(CUT);
        }
        if (!remarks.isEmpty()) {
            bundle.outcome(Fhir.json(Outcomes.outcome(remarks, exchange.language())));
        }
        return Answer.ok(bundle.bytes()).touching(patients, tasks);
    }

    private SearchQuery query(Source source, Exchange exchange, boolean strict) {
        SearchReader reader = new SearchReader(paths, source, strict);
        String key = exchange.query("_page");
        if (key == null) {
            return reader.read(exchange.query(), null);
        }
        PageKeys.Page page = keys.read(source.type(), exchange.caller(), key);
        Query whole = Paging.continued(page.query(), exchange.query(), true);
        return reader.read(whole, page.after());
    }

    private @Nullable String next(
            Source source, Exchange exchange, SearchQuery query, SearchPage page) {
        if (page.next() == null) {
            return null;
        }
        String key =
                keys.write(
                        source.type(),
                        exchange.caller(),
                        new PageKeys.Page(query.sealed(), page.next()));
        Query link = new Query(List.of(new Query.Pair("_page", key, true)));
        return link(source, link.plus(query.presentation()));
    }

    private String link(Source source, Query query) {
        String url = base + '/' + source.type();
        return query.isEmpty() ? url : url + '?' + query.encoded();
    }

    /// What was searched for, with the names but not the values of what identifies a person.
    private static @Nullable String audited(SearchQuery query) {
        List<Query.Pair> told = new ArrayList<>();
        for (Query.Pair pair : query.sealed().pairs()) {
            boolean personal = !query.self().pairs().contains(pair);
            told.add(personal ? new Query.Pair(pair.name(), "", false) : pair);
        }
        return told.isEmpty() ? null : new Query(told).encoded();
    }
}
