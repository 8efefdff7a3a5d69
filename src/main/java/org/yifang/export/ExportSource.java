package org.yifang.export;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Role;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// One resource type that can be exported: how many there are, and page after page of them, in an
/// order that no later change disturbs.
public interface ExportSource {
    /// What of it is asked for.
    ///
    /// @param since written after this moment; null for everything
    /// @param until written up to this moment
    record Window(@Nullable Instant since, Instant until, Pseudonyms pseudonyms) {}

    /// Some of it.
    ///
    /// @param resources each the JSON of one, without line breaks
    /// @param patients whose data that is
    /// @param passed how many rows were looked at, those included that were left out
    /// @param reached the place of the last one; null when there is nothing behind it
    record Page(List<byte[]> resources, Set<UUID> patients, int passed, @Nullable String reached) {}

    String type();

    /// Who may export it.
    Set<Role> roles();

    /// How many rows there are to look at. Waits.
    long total(Window window);

    /// The rows behind a place. Waits.
    ///
    /// @param total as [#total] said when the export of this type began
    /// @param after as an earlier page said; null for the first
    /// @param most how many rows to look at
    Page page(Window window, long total, @Nullable String after, int most);
}
