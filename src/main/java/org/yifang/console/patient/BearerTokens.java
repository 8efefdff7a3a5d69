package org.yifang.console.patient;

import io.vertx.ext.web.RoutingContext;

import org.yifang.platform.Caller;

/// Tells whose an access token is.
@FunctionalInterface
public interface BearerTokens {
    /// @throws org.yifang.platform.problem.Problem when it is over, or none
    Caller caller(RoutingContext http, String token);
}
