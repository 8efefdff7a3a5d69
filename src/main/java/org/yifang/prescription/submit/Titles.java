package org.yifang.prescription.submit;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// Ranks of physicians (职称) as coded by the medical insurance: the smaller the number, the higher.
final class Titles {
    private static final Map<String, String> CODES =
            Map.of(
                    "主任医师", "231",
                    "副主任医师", "232",
                    "主治医师", "233",
                    "医师", "234",
                    "住院医师", "234",
                    "医士", "235",
                    "助理医师", "235",
                    "执业助理医师", "235");

    /// The rank that counts: a document may claim less than the registry knows, never more.
    ///
    /// @param claimed code in the document, null when it says nothing
    /// @param registered rank in words as the registry has it, null when it knows none
    static @Nullable String counting(@Nullable String claimed, @Nullable String registered) {
        String known = registered == null ? null : CODES.get(registered.strip());
        if (known == null || claimed == null || !CODES.containsValue(claimed)) {
            return known == null ? claimed : known;
        }
        return known.compareTo(claimed) > 0 ? known : claimed;
    }

    private Titles() {}
}
