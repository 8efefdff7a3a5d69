package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.search.Query;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.SearchQuery.Chain;
import org.yifang.fhir.search.SearchQuery.Criterion;
import org.yifang.fhir.search.SearchValues;
import org.yifang.fhir.search.Source;
import org.yifang.fhir.search.TableSource;
import org.yifang.platform.Limits;
import org.yifang.platform.edge.Bound;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;

/// Reads one parameter of a search: its modifier, what it chains to, its values.
final class CriterionReader {
    private static final String REVERSE = "_has:";

    private final Paths paths;
    private final boolean strict;
    private final List<Finding> faults;
    private final List<Finding> ignored;
    private int values;

    /// @param strict whether the caller wants what is not supported refused
    /// @param faults what is refused is added to them
    /// @param ignored what is only remarked upon is added to them
    CriterionReader(Paths paths, boolean strict, List<Finding> faults, List<Finding> ignored) {
        this.paths = paths;
        this.strict = strict;
        this.faults = faults;
        this.ignored = ignored;
    }

    /// How many values were read in all.
    int values() {
        return values;
    }

    /// The criterion of a parameter, or null when it is not supported (which is noted).
    @Nullable Criterion read(Source on, Query.Pair pair) {
        List<String> read = SearchValues.split(pair.value());
        // What may match a value costs as much for each, wherever it stands.
        values += read.size();
        tooMany(read.size(), Limits.OR_VALUES, "values", pair.name());
        int before = faults.size();
        Criterion criterion =
                pair.name().startsWith(REVERSE)
                        ? reverse(on, pair.name(), read)
                        : criterion(on, pair.name(), read);
        if (criterion == null && faults.size() == before) {
            notSupported(
                    "The search parameter `"
                            + pair.name()
                            + "` of `"
                            + on.type()
                            + "` is not supported.",
                    pair.name());
        }
        return criterion;
    }

    private @Nullable Criterion criterion(Source on, String name, List<String> read) {
        int colon = name.indexOf(':');
        int dot = name.indexOf('.');
        int end = colon < 0 ? dot : dot < 0 ? colon : Math.min(colon, dot);
        String plain = end < 0 ? name : name.substring(0, end);
        SearchBy by = on.searchBy(plain);
        if (by == null) {
            return null;
        }
        String modifier =
                colon < 0 || (dot >= 0 && dot < colon)
                        ? null
                        : name.substring(colon + 1, dot < 0 ? name.length() : dot);
        SearchBy identified = by.identified();
        if (dot >= 0) {
            boolean whole = modifier == null || modifier.equals(by.target());
            String rest = name.substring(dot + 1);
            if (whole && identified != null && rest.equals("identifier")) {
                return plain(identified, read);
            }
            return whole ? chained(by, rest, read) : null;
        }
        if ("identifier".equals(modifier)) {
            return identified != null ? plain(identified, read) : chained(by, "identifier", read);
        }
        if ("in".equals(modifier) && by.kind.equals("token")) {
            List<String> members = new ValueSetMembers(paths).of(read, name, faults);
            return plain(by, members);
        }
        if (modifier != null && !takes(by, modifier)) {
            // R4: a modifier that is not supported is always refused.
            faults.add(
                    new Finding(
                            ProblemCode.PARAMETER_UNKNOWN,
                            "The modifier of `" + name + "` is not supported.",
                            "Leave it out.",
                            name,
                            false));
            return null;
        }
        return new Criterion(by, modifier, read, List.of());
    }

    private static Criterion plain(SearchBy by, List<String> read) {
        return new Criterion(by, null, read, List.of());
    }

    private static boolean takes(SearchBy by, String modifier) {
        return by.match.modifiers().contains(modifier)
                || (modifier.equals("missing") && by.present() != null)
                || (modifier.equals("text") && by.textField() != null);
    }

    private @Nullable Criterion chained(SearchBy by, String rest, List<String> read) {
        String target = by.target();
        boolean deeper = rest.indexOf('.') >= 0;
        List<Chain> chains = new ArrayList<>();
        for (TableSource table :
                target == null || deeper ? List.<TableSource>of() : paths.tables(target)) {
            Criterion inner = criterion(table, rest, read);
            if (inner != null) {
                chains.add(new Chain(table, inner, null));
            }
        }
        return chains.isEmpty() ? null : new Criterion(by, null, List.of(), chains);
    }

    /// `_has:MedicationDispense:prescription:identifier`: what refers to the resource.
    private @Nullable Criterion reverse(Source on, String name, List<String> read) {
        String[] parts = name.split(":", 4);
        SearchBy id = on.searchBy("_id");
        if (parts.length < 4 || id == null || parts[3].startsWith(REVERSE)) {
            return null;
        }
        List<Chain> chains = new ArrayList<>();
        for (TableSource table : paths.tables(parts[1])) {
            SearchBy back = table.searchBy(parts[2]);
            if (back == null || !on.type().equals(back.target()) || parts[3].contains(".")) {
                continue;
            }
            Criterion inner = criterion(table, parts[3], read);
            if (inner != null) {
                chains.add(new Chain(table, inner, back));
            }
        }
        return chains.isEmpty() ? null : new Criterion(id, null, List.of(), chains);
    }

    /// Refused or remarked upon, as the caller wants it.
    void notSupported(String detail, String name) {
        (strict ? faults : ignored)
                .add(
                        new Finding(
                                ProblemCode.PARAMETER_UNKNOWN,
                                detail,
                                "`/fhir/metadata` lists those that are.",
                                name,
                                !strict));
    }

    void tooMany(int count, int most, String what, String name) {
        if (count > most) {
            Bound.SEARCH_SIZE.reached();
            faults.add(
                    new Finding(
                            ProblemCode.TOO_COSTLY,
                            "The search has " + count + " " + what + ".",
                            "Ask for at most " + most + " at once, and for the others after that.",
                            name,
                            false));
        }
    }
}
