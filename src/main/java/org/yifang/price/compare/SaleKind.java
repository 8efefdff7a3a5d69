package org.yifang.price.compare;

import java.util.Locale;

/// What a row of `sale` records.
public enum SaleKind {
    DISPENSE,
    TAKE_BACK,
    HISTORY;

    /// As it is stored and as FHIR names it.
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
