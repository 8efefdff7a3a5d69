package org.yifang.fhir.search;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One page of what a search found.
///
/// @param total how many matches there are, or null when it was not counted
/// @param next the sort values and the id of the last match when more follow, or null
/// @param cut whether more resources should have been included than there may be
public record SearchPage(
        List<Source.Found> matches,
        List<Source.Found> included,
        @Nullable Long total,
        @Nullable List<@Nullable String> next,
        boolean cut) {}
