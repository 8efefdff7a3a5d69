package org.yifang.platform.data;

/// Does to bytes what takes a key that is outside the database: seals, opens, vouches. Who has the
/// keys stands later.
@FunctionalInterface
public interface KeyUse {
    byte[] apply(byte[] bytes);
}
