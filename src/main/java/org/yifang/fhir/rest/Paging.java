package org.yifang.fhir.rest;

import org.yifang.fhir.search.Query;
import org.yifang.platform.Limits;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.ArrayList;
import java.util.List;

/// Reads what stands beside the key of a page.
final class Paging {
    /// What a page key holds, with what may stand beside it: how the page is written, and `_count`,
    /// which some clients add to every link. The smaller one counts.
    ///
    /// @param written whether what says how it is written is asked for too
    /// @throws Problem `RX-1403` for anything else beside it
    static Query continued(Query sealed, Query beside, boolean written) {
        List<Query.Pair> pairs = new ArrayList<>(sealed.pairs());
        for (Query.Pair pair : beside.pairs()) {
            boolean presentation = SearchReader.PRESENTATION.contains(pair.name());
            if (presentation && written) {
                pairs.add(pair);
            } else if (pair.name().equals("_count") && pair.value().matches("\\d{1,9}")) {
                int before = Limits.PAGE_DEFAULT;
                for (Query.Pair one : sealed.pairs()) {
                    before = one.name().equals("_count") ? Integer.parseInt(one.value()) : before;
                }
                int least = Math.clamp(Integer.parseInt(pair.value()), 1, before);
                pairs.removeIf(one -> one.name().equals("_count"));
                pairs.add(new Query.Pair("_count", String.valueOf(least), true));
            } else if (!presentation && !pair.name().equals("_page")) {
                throw new Problem(
                        ProblemCode.PARAMETER_UNREADABLE,
                        "The parameter `" + pair.name() + "` stands beside `_page`.",
                        "Follow the `next` link of a page as it is, or search anew.");
            }
        }
        return new Query(pairs);
    }

    private Paging() {}
}
