package org.yifang.admin;

import org.yifang.platform.Role;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// Reads a role as people write it.
final class Roles {
    static final String ALL =
            Arrays.stream(Role.values()).map(Role::code).collect(Collectors.joining(", "));

    static Optional<Role> of(String code) {
        return Arrays.stream(Role.values()).filter(one -> one.code().equals(code)).findFirst();
    }

    private Roles() {}
}
