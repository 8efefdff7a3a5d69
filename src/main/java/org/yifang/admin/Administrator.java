package org.yifang.admin;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Access;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;

/// Who administrates: an operator everything, a manager the own organization.
record Administrator(Caller caller, boolean operator) {
    /// The organization that a manager is held to; null for an operator.
    @Nullable String only() {
        return operator ? null : caller.organization();
    }

    /// @throws Problem `RX-1004` when something belongs to an organization that is not this one's
    void sees(String organization) {
        if (!operator && !caller.organization().equals(organization)) {
            throw Outcomes.notFound();
        }
    }

    /// Whether this one may give out a role: a manager its own, a hospital's also reviewers.
    boolean mayGive(Role role) {
        return operator
                || role == caller.role()
                || (caller.role() == Role.HOSPITAL && role == Role.REVIEWER);
    }

    /// @throws Problem `RX-1002` unless it is an operator
    void mustBeOperator() {
        if (!operator) {
            throw new Problem(
                    ProblemCode.NOT_FOR_THIS_ROLE,
                    "This is for an operator.",
                    "Ask the operator of the platform.");
        }
    }

    /// What the audit log is told: what it was and what it became, secrets excepted.
    ///
    /// @param entity `Device/his-1`, `Person/wang`
    Access access(String name, char act, @Nullable String entity, @Nullable String change) {
        return new Access(
                caller,
                caller.address(),
                caller.requestId(),
                "operation",
                name,
                act,
                null,
                List.of(),
                List.of(),
                entity == null ? List.of() : List.of(entity),
                change,
                null);
    }
}
