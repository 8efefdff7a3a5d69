package org.yifang.prescription.submit;

import org.jspecify.annotations.Nullable;

/// Tells the rules, which ask no registry themselves, the registered rank of a physician.
@FunctionalInterface
interface RegisteredTitles {
    /// @return the rank in words, null when none is registered under this staff number
    @Nullable String of(String staffNumber);
}
