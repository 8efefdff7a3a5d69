package org.yifang.admin;

import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.client.Scopes;
import org.yifang.platform.Outbound;
import org.yifang.platform.Role;

import java.util.List;
import java.util.Optional;

/// Reads the fields of a client's registration and says what is unfit in them.
final class ClientFields {
    static final int WORDS_MOST = 200;
    private static final int ADDRESSES_MOST = 20;

    private final Outbound outbound;

    ClientFields(Outbound outbound) {
        this.outbound = outbound;
    }

    static Optional<Role> role(Body body, Administrator who) {
        String text = body.required("role", 20);
        Optional<Role> role = Roles.of(text);
        if (!text.isEmpty() && (role.isEmpty() || !who.mayGive(role.get()))) {
            body.unfit("role", "is no role that you may give", "Known are: " + Roles.ALL + ".");
        }
        return role;
    }

    /// What a client may ask for at the most; less for those who only read.
    static List<String> usual(Role role) {
        return List.of(role == Role.AUDITOR ? "system/*.rs" : "system/*.cruds");
    }

    static List<String> scopes(Body body, Role role) {
        List<String> scopes = body.words("scopes", WORDS_MOST);
        if (scopes == null) {
            return usual(role);
        }
        if (scopes.isEmpty() || !Scopes.areKnown(scopes)) {
            body.unfit(
                    "scopes",
                    "has none, or one that is no scope of SMART v2 for systems",
                    "Write them as `system/MedicationRequest.rs`.");
        }
        return scopes;
    }

    static boolean asserts(Body body, Administrator who, Role role, boolean before) {
        Boolean asked = body.flag("assertsPatients");
        if (Boolean.TRUE.equals(asked) && (role != Role.PATIENT || !who.operator())) {
            body.unfit(
                    "assertsPatients",
                    "is for clients of role `patient` only, and an operator's to give",
                    "Leave it out.");
        }
        return asked == null ? before : asked;
    }

    static List<String> addresses(Body body, List<String> before) {
        List<String> ranges = body.words("addresses", ADDRESSES_MOST);
        if (ranges == null) {
            return before;
        }
        try {
            var _ = Outbound.of(ranges);
        } catch (IllegalArgumentException unfit) {
            body.unfit("addresses", "has what is no range", "Write ranges as `203.0.113.0/24`.");
        }
        return ranges;
    }

    /// How a client proves itself by keys; either may be missing.
    record Keys(@Nullable String jwks, @Nullable String url) {}

    Keys keys(Body body) {
        JsonObject jwks = body.object("jwks");
        String url = body.text("jwksUrl", 500);
        String fault = jwks == null ? null : ClientKeys.fault(jwks);
        if (fault != null) {
            body.unfit("jwks", fault, "Send the public keys alone.");
        }
        String wrong = url == null ? null : outbound.fault(url);
        if (wrong != null) {
            body.unfit(
                    "jwksUrl",
                    wrong,
                    "Send an https address that lies in no private network, unless the deployment"
                            + " allows it.");
        }
        return new Keys(jwks == null ? null : jwks.encode(), url);
    }
}
