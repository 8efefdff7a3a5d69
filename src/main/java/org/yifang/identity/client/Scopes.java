package org.yifang.identity.client;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// SMART v2 scopes of systems, `system/MedicationRequest.rs`: what a client asks for and gets.
///
/// Letters are c(reate), r(ead), u(pdate), d(elete), s(earch), in that order (SMART App Launch 2,
/// section 2.0.5). The older `.read`, `.write` and `.*` are understood as `rs`, `cud` and `cruds`.
public final class Scopes {
    private static final Pattern SCOPE =
            Pattern.compile(
                    "system/(\\*|[A-Z][A-Za-z]{1,40})\\.((?=[cruds])c?r?u?d?s?|read|write|\\*)");

    private static final String ALL = "cruds";

    /// Whether every word is a scope that can be registered.
    public static boolean areKnown(List<String> scopes) {
        return scopes.stream().allMatch(scope -> SCOPE.matcher(scope).matches());
    }

    /// What of `asked` lies within `registered`; empty when nothing does. A resource asked for with
    /// more letters than registered gets those that are (RFC 6749 section 3.3).
    public static List<String> granted(List<String> asked, List<String> registered) {
        Set<String> granted = new LinkedHashSet<>();
        for (String scope : asked) {
            for (String limit : registered) {
                both(scope, limit).ifPresent(granted::add);
            }
        }
        return new ArrayList<>(granted);
    }

    private static Optional<String> both(String asked, String limit) {
        if (!SCOPE.matcher(asked).matches() || !SCOPE.matcher(limit).matches()) {
            return Optional.empty();
        }
        boolean narrower = covers(type(limit), type(asked));
        if (!narrower && !covers(type(asked), type(limit))) {
            return Optional.empty();
        }
        StringBuilder letters = new StringBuilder();
        String allowed = letters(limit);
        for (char letter : letters(asked).toCharArray()) {
            if (allowed.indexOf(letter) >= 0) {
                letters.append(letter);
            }
        }
        String type = narrower ? type(asked) : type(limit);
        return letters.isEmpty() ? Optional.empty() : Optional.of("system/" + type + "." + letters);
    }

    private static boolean covers(String wider, String type) {
        return wider.equals("*") || wider.equals(type);
    }

    private static String type(String scope) {
        return scope.substring(scope.indexOf('/') + 1, scope.lastIndexOf('.'));
    }

    private static String letters(String scope) {
        String letters = scope.substring(scope.lastIndexOf('.') + 1);
        return switch (letters) {
            case "read" -> "rs";
            case "write" -> "cud";
            case "*" -> ALL;
            default -> letters;
        };
    }

    private Scopes() {}
}
