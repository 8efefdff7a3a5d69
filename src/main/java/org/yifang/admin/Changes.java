package org.yifang.admin;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.StringJoiner;

/// Writes down what a registration was and what it became, field by field.
final class Changes {
    /// A change is read by people; a list of scopes longer than this is cut.
    private static final int VALUE_MOST = 300;

    private final StringJoiner text = new StringJoiner("; ");

    Changes add(String name, @Nullable Object was, @Nullable Object is) {
        if (!Objects.equals(was, is)) {
            text.add(name + ": " + shown(was) + " -> " + shown(is));
        }
        return this;
    }

    /// A field whose value is nobody's to read.
    Changes secret(String name, @Nullable Object was, @Nullable Object is) {
        if (!Objects.equals(was, is)) {
            text.add(name + (is == null ? " removed" : was == null ? " set" : " replaced"));
        }
        return this;
    }

    boolean isEmpty() {
        return text.length() == 0;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String shown(@Nullable Object value) {
        String text = value == null ? "none" : String.valueOf(value);
        return text.length() > VALUE_MOST ? text.substring(0, VALUE_MOST) + "…" : text;
    }
}
