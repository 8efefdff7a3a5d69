package org.yifang.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.client.Client;
import org.yifang.identity.person.Account;

import java.util.List;
import java.util.UUID;

/// Writes registrations as JSON; nothing in it is a secret but the one that was just made.
final class AdminJson {
    private static final UUID NOBODY = new UUID(0, 0);

    static JsonObject client(Client one, @Nullable String secret) {
        JsonObject json =
                new JsonObject()
                        .put("id", one.id())
                        .put("role", one.role().code())
                        .put("organization", organization(one.organizationId(), one.organization()))
                        .put("scopes", new JsonArray(List.copyOf(one.scopes())))
                        .put("reviewsFor", new JsonArray(List.copyOf(one.reviewsFor())))
                        .put("assertsPatients", one.assertsPatients())
                        .put("addresses", new JsonArray(List.copyOf(one.addresses())))
                        .put("jwks", one.jwks() == null ? null : new JsonObject(one.jwks()))
                        .put("jwksUrl", one.jwksUrl())
                        .put("hasSecret", one.secretHash() != null)
                        .put("active", one.active())
                        .put("version", one.version());
        if (one.oldSecretUntil() != null) {
            json.put("oldSecretUntil", one.oldSecretUntil().toString());
        }
        return secret == null ? json : json.put("secret", secret);
    }

    static JsonObject person(Account one, @Nullable String password) {
        JsonObject json =
                new JsonObject()
                        .put("login", one.login())
                        .put("name", one.name())
                        .put("staff", one.staff())
                        .put("organization", organization(one.organizationId(), one.organization()))
                        .put("role", one.role().code())
                        .put("manager", one.manager())
                        .put("active", one.active())
                        .put("secondFactor", one.totpSealed() != null)
                        .put("passwordOnce", one.passwordOnce())
                        .put("version", one.version());
        return password == null ? json : json.put("password", password);
    }

    static JsonObject job(JobStore.Row one) {
        return new JsonObject()
                .put("id", one.id().toString())
                .put("kind", one.kind())
                .put("state", one.state())
                .put("done", one.done())
                .put("total", one.total())
                .put("note", one.note())
                .put("requestedBy", one.requestedBy())
                .put("createdAt", one.createdAt().toString())
                .put("updatedAt", one.updatedAt().toString());
    }

    private static @Nullable String organization(UUID id, String number) {
        return id.equals(NOBODY) ? null : number;
    }

    private AdminJson() {}
}
