package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.search.Query;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.SearchQuery;
import org.yifang.fhir.search.SearchQuery.Criterion;
import org.yifang.fhir.search.SearchQuery.Include;
import org.yifang.fhir.search.SearchQuery.Sort;
import org.yifang.fhir.search.Source;
import org.yifang.fhir.search.TableSource;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads the parameters of one search, noting everything that is wrong with them.
final class SearchReader {
    /// How an answer is written, which no page key holds.
    static final Set<String> PRESENTATION = Set.of("_format", "_pretty", "_summary", "_elements");

    private final Paths paths;
    private final Source source;
    private final List<Finding> faults = new ArrayList<>();
    private final List<Finding> ignored = new ArrayList<>();
    private final List<Finding> narrower = new ArrayList<>();
    private final List<Criterion> criteria = new ArrayList<>();
    private final List<Sort> sorts = new ArrayList<>();
    private final List<Include> includes = new ArrayList<>();
    private final List<Include> reverseIncludes = new ArrayList<>();
    private final List<Query.Pair> self = new ArrayList<>();
    private final List<Query.Pair> sealed = new ArrayList<>();
    private final List<Query.Pair> presentation = new ArrayList<>();
    private int count = Limits.PAGE_DEFAULT;
    private boolean countOnly;
    private boolean total;
    private final CriterionReader criterionReader;

    /// @param strict whether the caller wants what is not supported refused
    SearchReader(Paths paths, Source source, boolean strict) {
        this.paths = paths;
        this.source = source;
        this.criterionReader = new CriterionReader(paths, strict, faults, ignored);
    }

    /// Reads a search.
    ///
    /// @param after where the last page ended, or null for the first
    /// @throws Problem with a finding for each parameter that cannot be taken
    SearchQuery read(Query query, @Nullable List<@Nullable String> after) {
        for (Query.Pair pair : query.pairs()) {
            if (PRESENTATION.contains(pair.name())) {
                presentation.add(pair);
                // The format of a page is no part of the search; what is counted is.
                countOnly |= pair.name().equals("_summary") && pair.value().equals("count");
            } else if (!pair.value().isEmpty()) {
                pair(pair);
            }
        }
        tooMany(criterionReader.values(), Limits.SEARCH_VALUES, "values in all", "_id");
        tooMany(includes.size() + reverseIncludes.size(), Limits.INCLUDES, "includes", "_include");
        if (!faults.isEmpty()) {
            throw new Problem(faults);
        }
        return new SearchQuery(
                criteria,
                sorts,
                count,
                countOnly,
                total,
                includes,
                reverseIncludes,
                after == null ? ignored : List.of(),
                narrower,
                new Query(self),
                new Query(sealed),
                new Query(presentation),
                after);
    }

    private void tooMany(int count, int most, String what, String name) {
        criterionReader.tooMany(count, most, what, name);
    }

    private void pair(Query.Pair pair) {
        boolean personal = false;
        boolean known =
                switch (pair.name()) {
                    case "_count" -> count(pair.value());
                    case "_sort" -> sort(pair.value());
                    case "_total" -> total(pair.value());
                    case "_include:iterate", "_revinclude:iterate", "_include:recurse" ->
                            iterated(pair.name());
                    case "_include" -> include(pair.value());
                    case "_revinclude" -> reverseInclude(pair.value());
                    default -> {
                        Criterion criterion = criterionReader.read(source, pair);
                        if (criterion == null) {
                            yield false;
                        }
                        personal = isPersonal(criterion);
                        if (personal && pair.inUrl()) {
                            faults.add(personInUrl(pair.name()));
                        }
                        criteria.add(criterion);
                        remark(criterion);
                        yield true;
                    }
                };
        if (known) {
            sealed.add(pair);
            if (!personal) {
                self.add(pair);
            }
        }
    }

    private static boolean isPersonal(Criterion criterion) {
        return criterion.by().isPersonal()
                || criterion.chains().stream().anyMatch(chain -> isPersonal(chain.criterion()));
    }

    /// What is found may be less than R4 would find: whoever finds nothing is told.
    private void remark(Criterion criterion) {
        String remark = criterion.by().remark();
        if (remark != null && criterion.modifier() == null) {
            narrower.add(
                    new Finding(
                            ProblemCode.PARAMETER_UNKNOWN,
                            "The search parameter `" + criterion.by().name + "` is narrower here.",
                            remark,
                            criterion.by().name,
                            true));
        }
    }

    private Finding personInUrl(String name) {
        return new Finding(
                ProblemCode.PERSON_IN_URL,
                "The parameter `" + name + "` identifies a person.",
                "Send it in the body of `POST " + source.type() + "/_search`.",
                name,
                false);
    }

    private void notSupported(String detail, String name) {
        criterionReader.notSupported(detail, name);
    }

    private boolean count(String value) {
        if (!value.matches("\\d{1,9}")) {
            faults.add(unreadable("_count", value, "Write a whole number from 0."));
            return true;
        }
        int wanted = Integer.parseInt(value);
        countOnly |= wanted == 0;
        count = Math.clamp(wanted, 1, Limits.PAGE_MOST);
        return true;
    }

    private boolean total(String value) {
        switch (value) {
            case "none" -> total = false;
            case "estimate", "accurate" -> total = true;
            default ->
                    faults.add(
                            unreadable("_total", value, "Write `none`, `estimate` or `accurate`."));
        }
        return true;
    }

    private static Finding unreadable(String name, String value, String remedy) {
        return new Finding(
                ProblemCode.PARAMETER_UNREADABLE,
                "The parameter `" + name + "` is `" + value + "`.",
                remedy,
                name,
                false);
    }

    private boolean sort(String value) {
        boolean all = true;
        String[] keys = value.split(",", -1);
        tooMany(keys.length + sorts.size(), Limits.SORT_KEYS, "keys to sort by", "_sort");
        for (String one : keys) {
            boolean descending = one.startsWith("-");
            String name = descending ? one.substring(1) : one;
            SearchBy by = source.searchBy(name);
            if (by == null || by.sortField() == null) {
                notSupported("Sorting by `" + name + "` is not supported.", "_sort");
                all = false;
            } else {
                sorts.add(new Sort(by, descending));
            }
        }
        return all;
    }

    /// A modifier that is not understood is always refused, and answers without it would lack what
    /// was asked for.
    private boolean iterated(String name) {
        faults.add(
                new Finding(
                        ProblemCode.PARAMETER_UNKNOWN,
                        "`" + name + "` is not supported: includes go one step.",
                        "Ask for `"
                                + name.substring(0, name.indexOf(':'))
                                + "`, then for the "
                                + "next step by the references of what came.",
                        name,
                        false));
        return false;
    }

    private boolean include(String value) {
        String[] parts = value.split(":", -1);
        SearchBy by =
                parts.length >= 2 && parts.length <= 3 && parts[0].equals(source.type())
                        ? source.searchBy(parts[1])
                        : null;
        String target = by == null ? null : by.target();
        if (by != null
                && target != null
                && (parts.length == 2 || parts[2].equals(target))
                && !paths.tables(target).isEmpty()) {
            paths.tables(target).forEach(table -> includes.add(new Include(by, table)));
            return true;
        }
        notSupported("`_include=" + value + "` is not supported.", "_include");
        return false;
    }

    private boolean reverseInclude(String value) {
        String[] parts = value.split(":", -1);
        boolean found = false;
        boolean readable = parts.length >= 2 && parts.length <= 3;
        for (TableSource table : readable ? paths.tables(parts[0]) : List.<TableSource>of()) {
            SearchBy by = table.searchBy(parts[1]);
            if (by != null
                    && source.type().equals(by.target())
                    && (parts.length == 2 || parts[2].equals(by.target()))) {
                reverseIncludes.add(new Include(by, table));
                found = true;
            }
        }
        if (!found) {
            notSupported("`_revinclude=" + value + "` is not supported.", "_revinclude");
        }
        return found;
    }
}
