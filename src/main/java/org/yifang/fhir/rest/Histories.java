package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Paths.Call;
import org.yifang.fhir.search.PageKeys;
import org.yifang.fhir.search.Query;
import org.yifang.fhir.search.Source;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Answers `_history` of one resource: the newest versions first, page by page.
final class Histories {
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private final String base;
    private final PageKeys keys;

    Histories(String base, PageKeys keys) {
        this.base = base;
        this.keys = keys;
    }

    Answer history(Call call, Exchange exchange) {
        Source source = Objects.requireNonNull(call.type()).source();
        String id = Objects.requireNonNull(call.id());
        String path = source.type() + '/' + id + "/_history";
        PageKeys.@Nullable Page page = page(path, exchange);
        Query asked = page == null ? exchange.query() : page.query();
        List<Query.Pair> kept = new ArrayList<>();
        Source.Past past = past(asked, page, Preference.isStrict(exchange), kept);
        List<Source.Found> found =
                source.history(
                        id,
                        new Source.Past(past.most() + 1, past.below(), past.since()),
                        exchange.caller(),
                        exchange.now());
        if (found == null) {
            throw Outcomes.notFound();
        }
        boolean more = found.size() > past.most();
        List<Source.Found> versions = more ? found.subList(0, past.most()) : found;
        Query shown = shown(exchange.query());
        String next = null;
        if (more) {
            List<@Nullable String> after = List.of(String.valueOf(versions.getLast().version()));
            String key =
                    keys.write(path, exchange.caller(), new PageKeys.Page(new Query(kept), after));
            next = link(path, new Query(List.of(new Query.Pair("_page", key, true))).plus(shown));
        }
        // How many there are is known only where all of them are here.
        Long total = page == null && !more ? (long) versions.size() : null;
        Bundles bundle =
                new Bundles(
                        base,
                        "history",
                        exchange.now(),
                        total,
                        link(path, new Query(kept).plus(shown)),
                        next);
        for (Source.Found one : versions) {
            bundle.version(source.type(), one.id(), one.json(), one.version(), one.lastUpdated());
        }
        Answer answer = Answer.ok(bundle.bytes());
        return versions.isEmpty()
                ? answer
                : answer.touching(versions.getFirst().patients(), versions.getFirst().tasks());
    }

    private PageKeys.@Nullable Page page(String path, Exchange exchange) {
        String key = exchange.query("_page");
        if (key == null) {
            return null;
        }
        PageKeys.Page page = keys.read(path, exchange.caller(), key);
        return new PageKeys.Page(
                Paging.continued(page.query(), exchange.query(), false), page.after());
    }

    private Source.Past past(
            Query asked, PageKeys.@Nullable Page page, boolean strict, List<Query.Pair> kept) {
        List<Finding> faults = new ArrayList<>();
        int most = Limits.PAGE_DEFAULT;
        Instant since = Source.Past.EVER;
        for (Query.Pair pair : asked.pairs()) {
            switch (pair.name()) {
                case "_count" -> {
                    if (pair.value().matches("\\d{1,9}")) {
                        most = Math.clamp(Integer.parseInt(pair.value()), 1, Limits.PAGE_MOST);
                        kept.add(pair);
                    } else {
                        faults.add(unreadable(pair, "Write a whole number from 1."));
                    }
                }
                case "_since" -> {
                    try {
                        since = moment(pair.value());
                        kept.add(pair);
                    } catch (DateTimeException unreadable) {
                        faults.add(unreadable(pair, "Write `2026-03-01T08:00:00+08:00`."));
                    }
                }
                default -> {
                    if (strict && !SearchReader.PRESENTATION.contains(pair.name())) {
                        faults.add(
                                new Finding(
                                        ProblemCode.PARAMETER_UNKNOWN,
                                        "`" + pair.name() + "` is not supported of a history.",
                                        "`_count` and `_since` are.",
                                        pair.name(),
                                        false));
                    }
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new Problem(faults);
        }
        String below = page == null ? null : page.after().getFirst();
        return new Source.Past(most, below == null ? Long.MAX_VALUE : Long.parseLong(below), since);
    }

    private static Instant moment(String text) {
        // A plus sign that was not encoded arrives as a space.
        String time = text.replace(' ', '+');
        return time.indexOf('T') < 0
                ? LocalDate.parse(time).atStartOfDay(ZONE).toInstant()
                : OffsetDateTime.parse(time).toInstant();
    }

    private static Finding unreadable(Query.Pair pair, String remedy) {
        return new Finding(
                ProblemCode.PARAMETER_UNREADABLE,
                "The parameter `" + pair.name() + "` is `" + pair.value() + "`.",
                remedy,
                pair.name(),
                false);
    }

    private static Query shown(Query query) {
        return new Query(
                query.pairs().stream()
                        .filter(pair -> SearchReader.PRESENTATION.contains(pair.name()))
                        .toList());
    }

    private String link(String path, Query query) {
        String url = base + '/' + path;
        return query.isEmpty() ? url : url + '?' + query.encoded();
    }
}
