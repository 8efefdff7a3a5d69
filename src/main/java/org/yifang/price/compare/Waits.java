package org.yifang.price.compare;

import org.yifang.registry.Organization;

/// How long one waits at a pharmacy, which the queues know and prices may not ask themselves.
@FunctionalInterface
public interface Waits {
    /// Minutes from coming in to the medicine, as of now.
    double at(Organization pharmacy);
}
