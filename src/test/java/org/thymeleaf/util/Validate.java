package org.thymeleaf.util;

/// The one method that HAPI's validator uses of Thymeleaf, which the class path leaves out; tests
/// judge with that validator, the service does not.
public final class Validate {
    public static void notNull(Object object, String message) {
        if (object == null) {
            throw new IllegalArgumentException(message);
        }
    }

    private Validate() {}
}
