package org.yifang.fhir.rest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// Takes a path under `/fhir` apart.
final class Segments {
    /// The parts between slashes, decoded.
    static String[] of(String path) {
        int start = path.startsWith("/") ? 1 : 0;
        int end = path.endsWith("/") && path.length() > start ? path.length() - 1 : path.length();
        String[] parts = path.substring(start, end).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].indexOf('%') >= 0) {
                parts[i] = decoded(parts[i]);
            }
        }
        return parts;
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException failure) {
            return part;
        }
    }

    /// The name behind `$`, empty when it is no operation.
    static String operation(String part) {
        return part.startsWith("$") ? part.substring(1) : "";
    }

    private Segments() {}
}
