package org.yifang.fhir;

import java.util.List;

/// Reads SMART App Launch 2 scopes: `system/Task.rs` covers reading and searching Tasks.
public final class Scopes {
    /// Whether one of the granted scopes covers a letter of `cruds` on a type.
    public static boolean cover(List<String> granted, String type, char letter) {
        for (String scope : granted) {
            int slash = scope.indexOf('/');
            int dot = scope.indexOf('.', slash + 1);
            // A scope with `?` covers only a part, which nobody here can check: it covers nothing.
            if (slash < 0 || dot < 0 || scope.indexOf('?') >= 0) {
                continue;
            }
            String covered = scope.substring(slash + 1, dot);
            boolean sameType = covered.equals("*") || covered.equals(type);
            if (sameType && letters(scope.substring(dot + 1)).indexOf(letter) >= 0) {
                return true;
            }
        }
        return false;
    }

    /// Scopes of SMART 1 say the same in words.
    private static String letters(String permission) {
        return switch (permission) {
            case "read" -> "rs";
            case "write" -> "cud";
            case "*" -> "cruds";
            default -> permission;
        };
    }

    private Scopes() {}
}
