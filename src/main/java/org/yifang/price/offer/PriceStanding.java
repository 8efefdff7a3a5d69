package org.yifang.price.offer;

import java.util.Locale;

/// How a told price stands: taken at once, or held for a person, who lets it go or refuses it.
public enum PriceStanding {
    ACCEPTED,
    HELD,
    RELEASED,
    REFUSED;

    static PriceStanding of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /// As it is stored and told.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
