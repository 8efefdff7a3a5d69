package org.yifang.catalogue;

import java.util.Locale;
import java.util.Optional;

/// Which kind of prescription a drug is written on; herbal pieces go on one of their own.
public enum DrugKind {
    WESTERN,
    CHINESE_PATENT,
    HERBAL;

    /// The code of the CodeSystem `prescription-type`: `chinese-patent`.
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Reads what [#code] wrote.
    public static Optional<DrugKind> of(String code) {
        for (DrugKind kind : values()) {
            if (kind.code().equals(code)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
