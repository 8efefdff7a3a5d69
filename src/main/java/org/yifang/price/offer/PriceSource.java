package org.yifang.price.offer;

import java.util.Locale;

/// How a price came.
public enum PriceSource {
    IMPORT,
    FHIR,
    PULLED,
    DEMONSTRATION,

    /// It was last sold at; no price comes so, a known one stays fresh.
    DISPENSE;

    /// As rows hold it and resources tell it.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
