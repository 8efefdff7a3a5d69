package org.yifang.prescription.life;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/// What a pharmacist decided on a prescription.
///
/// @param by who
/// @param at when
/// @param approve else it was refused
/// @param reason why; never empty when it was refused
/// @param checks the items of the review with their results
public record Review(
        Reviewer by, Instant at, boolean approve, Reason reason, Map<String, String> checks) {
    /// Who reviews.
    ///
    /// @param client the registered client
    /// @param person staff number of the person behind the call, null when the client names none
    public record Reviewer(String client, @Nullable String person) {
        /// Whether it is the same person; who is not named is only ever its client.
        boolean is(Reviewer other) {
            return person == null
                    ? other.person == null && client.equals(other.client)
                    : person.equals(other.person);
        }

        String name() {
            return person == null ? "client:" + client : person;
        }
    }

    String decision() {
        return approve ? "approve" : "refuse";
    }
}
