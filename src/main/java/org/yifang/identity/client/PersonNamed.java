package org.yifang.identity.client;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.PlainText;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads the person behind a call as the client names it, in an assertion or in form fields.
final class PersonNamed {
    /// The names of the parts, the same in both places (HL7 UDAP Security, B2B extension).
    private static final List<String> PARTS =
            List.of(
                    "subject_id",
                    "subject_name",
                    "subject_role",
                    "organization_id",
                    "purpose_of_use");

    /// Enough for a name with titles; the value is written into every audit record.
    private static final int LENGTH_MAX = 200;

    /// The person; empty when a part is too long or no plain text, which would let a client write
    /// what looks like another line into a log, or an event that no XML can carry.
    static Optional<Caller.Person> of(Function<String, @Nullable String> part) {
        List<@Nullable String> parts = new ArrayList<>();
        for (String name : PARTS) {
            String value = part.apply(name);
            if (value == null || value.isBlank()) {
                parts.add(null);
                continue;
            }
            if (!PlainText.is(value) || value.length() > LENGTH_MAX) {
                return Optional.empty();
            }
            parts.add(value.strip());
        }
        return Optional.of(
                new Caller.Person(
                        parts.get(0), parts.get(1), parts.get(2), parts.get(3), parts.get(4)));
    }

    private PersonNamed() {}
}
