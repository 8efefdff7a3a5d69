package org.yifang.identity.client;

import io.vertx.ext.web.RoutingContext;

import org.yifang.platform.Caller;

import java.util.Optional;

/// The people that are signed in, whom clients' tokens know nothing of.
@FunctionalInterface
public interface SignedInPeople {
    /// Who is signed in behind a call that a page of ours makes; may wait.
    Optional<Caller> caller(RoutingContext http);
}
