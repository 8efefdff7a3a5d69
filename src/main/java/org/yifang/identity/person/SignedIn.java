package org.yifang.identity.person;

import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// A person who has signed in, as pages and desks need them.
///
/// @param sessionId SHA-256 of the cookie, hex
/// @param staff staff number, or null
/// @param formToken what every form carries in the field [#FORM_TOKEN]
public record SignedIn(
        String sessionId,
        String login,
        String name,
        @Nullable String staff,
        Role role,
        UUID organizationId,
        String organization,
        List<String> reviewsFor,
        boolean manager,
        String formToken) {
    /// The hidden field of every form; scripts send it as the header `X-Form-Token`.
    public static final String FORM_TOKEN = "form-token";

    /// What stands before the login where a person is named as a client.
    public static final String CLIENT_PREFIX = "person:";

    private static final String KEY = SignedIn.class.getName();

    /// Role and organization decide what a person may; no scope narrows it further.
    private static final List<String> SCOPES = List.of("system/*.cruds");

    /// Who is behind a request that a guard let through.
    public static SignedIn of(RoutingContext http) {
        return Objects.requireNonNull(http.get(KEY), "no guard stands before this page");
    }

    void remember(RoutingContext http) {
        http.put(KEY, this);
    }

    /// The person as caller of any desk or operation, with the person as its agent.
    ///
    /// @param address where the call comes from
    /// @param language `zh-CN` or `en`
    public Caller caller(String address, String requestId, String language) {
        return new Caller(
                CLIENT_PREFIX + login,
                role,
                organizationId,
                organization,
                reviewsFor,
                SCOPES,
                null,
                new Caller.Person(
                        staff == null ? login : staff, name, role.code(), organization, null),
                address,
                requestId,
                language);
    }
}
