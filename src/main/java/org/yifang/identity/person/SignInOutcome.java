package org.yifang.identity.person;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What came of a step of signing in.
public sealed interface SignInOutcome {
    /// The next step is at hand; `IN` means done. After an enrolment with the recovery codes.
    record Next(Session.Stage stage, String back, List<String> recovery) implements SignInOutcome {}

    record Wrong() implements SignInOutcome {}

    /// @param fault what the password lacks; null when both are not the same
    record Unfit(PasswordRules.@Nullable Fault fault) implements SignInOutcome {}

    record TooMany() implements SignInOutcome {}
}
