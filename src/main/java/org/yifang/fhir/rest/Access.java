package org.yifang.fhir.rest;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.ProblemCode;

import java.util.List;
import java.util.UUID;

/// What one call did or wanted to do: all that the audit log must know of it.
///
/// @param caller who called, or null when the call was not authenticated
/// @param address the network address the call came from
/// @param requestId names the call in logs and answers
/// @param interaction FHIR's name: `read`, `search-type`, `create`, `operation`, or `login`
/// @param name the operation, `claim`, or the resource type, `Task`
/// @param act C, R, U, D or E as in AuditEvent.action
/// @param problem why it was refused, or null when it was done
/// @param patients Patient ids whose data the call touched or its answer contains
/// @param tasks ids of the prescription Tasks concerned, refusals included
/// @param entities further resources as `Type/id`
/// @param change what changed, `ready/awaiting-claim -> in-progress/claimed`, or null
/// @param query the search parameters as `name=value&…` without any person's identifier, or null
public record Access(
        @Nullable Caller caller,
        String address,
        String requestId,
        String interaction,
        String name,
        char act,
        @Nullable ProblemCode problem,
        List<UUID> patients,
        List<UUID> tasks,
        List<String> entities,
        @Nullable String change,
        @Nullable String query) {

    /// An operation on a prescription by an authenticated caller, done or refused.
    public static Access operation(
            Caller caller,
            String name,
            char act,
            @Nullable ProblemCode problem,
            List<UUID> patients,
            List<UUID> tasks,
            @Nullable String change) {
        return new Access(
                caller,
                caller.address(),
                caller.requestId(),
                "operation",
                name,
                act,
                problem,
                patients,
                tasks,
                List.of(),
                change,
                null);
    }

    /// The same call, which besides commits to what the tables hold of `reference`,
    /// `Task/<id>/<version>`, when it is recorded: the database adds the hash.
    public Access committingTo(String reference) {
        String content = "content " + reference;
        return new Access(
                caller,
                address,
                requestId,
                interaction,
                name,
                act,
                problem,
                patients,
                tasks,
                entities,
                change == null ? content : change + "; " + content,
                query);
    }
}
